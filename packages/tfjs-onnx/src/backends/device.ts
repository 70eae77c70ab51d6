import type { InferenceSession } from 'onnxruntime-node'
import { graphBuilder } from '../graph.js'
import type { GraphBackendName } from './backend.js'
import { loadFault } from './peers.js'

/** What onnxruntime-node exports. */
export type OnnxRuntime = typeof import('onnxruntime-node')

/** What ONNX Runtime calls the devices. */
export const executionProviders = {
  'onnx-cpu': 'cpu',
  'onnx-webgpu': 'webgpu',
  'onnx-cuda': 'cuda',
} as const satisfies Record<GraphBackendName, string>

/**
 * Opens the device of a backend, to see whether it is there; the processor always is.
 *
 * @throws Error of ONNX Runtime; `deviceFault` says it in words
 */
export async function openDevice(runtime: OnnxRuntime, name: GraphBackendName): Promise<void> {
  if (name === 'onnx-cpu') return
  const { logLevel } = runtime.env
  // What is wrong comes as an error; ONNX Runtime would print it as well.
  if (logLevel !== undefined) runtime.env.logLevel = 'fatal'
  try {
    const session = await runtime.InferenceSession.create(probe(), sessionOptions(name, 1))
    await session.release()
  } finally {
    if (logLevel !== undefined) runtime.env.logLevel = logLevel
  }
}

/**
 * Settings under which a session's results do not depend on what else the machine does.
 *
 * Threads do not spin while they wait: with other work on the same cores, spinning costs more than it saves.
 *
 * @param threads threads within one operator
 */
export function sessionOptions(
  name: GraphBackendName,
  threads: number,
): InferenceSession.SessionOptions {
  return {
    executionProviders: name === 'onnx-cpu' ? ['cpu'] : [executionProviders[name], 'cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  }
}

/** Why ONNX Runtime could not be loaded, or not open a device, in words; and what to do. */
export function deviceFault(
  name: GraphBackendName,
  error: unknown,
): { reason: string; advice: string } {
  const message = error instanceof Error ? error.message : String(error)
  if (name === 'onnx-cpu' || /onnxruntime-node'|onnxruntime_binding/.test(message)) {
    return loadFault('onnxruntime-node', error)
  }
  // Before "was false" stand a file and a condition of ONNX Runtime's own source.
  const [line = ''] = message.trim().split('\n')
  const said = line.replace(/^.* was false\. |^OrtSessionOptionsAppendExecutionProvider_/, '')
  return {
    reason: `ONNX Runtime cannot open the device (${said.replace(/\.$/, '')})`,
    advice: deviceAdvice[name],
  }
}

const deviceAdvice = {
  'onnx-webgpu':
    'it needs a GPU with a Vulkan, Metal or Direct3D 12 driver (on Linux, vulkaninfo shows it)',
  'onnx-cuda':
    'it needs an NVIDIA GPU, CUDA 12 with cuDNN 9, and the GPU libraries of onnxruntime-node: ' +
    'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
} as const
/** The smallest graph that asks something of the device. */
function probe(): Uint8Array {
  const graph = graphBuilder('probe')
  const x = graph.input('x', 'float32', [4])
  graph.output(graph.node('Add', [x, x], {}, ['y'])[0]!, 'float32', [4])
  return graph.toBytes()
}
