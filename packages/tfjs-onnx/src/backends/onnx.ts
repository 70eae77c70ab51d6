import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import type { TracedType } from '../backend.js'
import { sizeOf, type TypedArray } from '../element-type.js'
import { runInPlace } from '../in-place.js'
import { trace, type Traced } from '../trace.js'
import { openDevice, sessionOptions, type OnnxRuntime } from './device.js'
import type { Backend, GraphBackendName, PackageLoader, Program, TensorValue } from './backend.js'

/** A WebGPU shader may bind eight buffers everywhere: the tensor and its parts. */
const webgpuSplit = 7

/**
 * Functions as ONNX graphs, on one device of ONNX Runtime. Operators that the device lacks run on the processor.
 *
 * @throws Error if ONNX Runtime cannot be loaded, or not open the device
 */
export async function openOnnx(name: GraphBackendName, load: PackageLoader): Promise<Backend> {
  const runtime = (await load('onnxruntime-node')) as OnnxRuntime
  await openDevice(runtime, name)
  const open = (model: Uint8Array, threads: number) =>
    runtime.InferenceSession.create(model, sessionOptions(name, threads))
  return {
    name,
    library: `onnxruntime-node ${runtime.env.versions.node ?? runtime.env.versions.common}`,
    async prepare(fn, spec, { name: graphName, threads }) {
      const { graph, outputs } = trace(fn, spec, {
        name: graphName,
        inPlace: true,
        ...(name === 'onnx-webgpu' && { largestSplit: webgpuSplit }),
      })
      const session = await open(graph.toBytes(), threads)
      return program(runtime, session, spec, outputs)
    },
  }
}

function program(
  runtime: OnnxRuntime,
  session: InferenceSession,
  spec: Readonly<Record<string, { shape: readonly number[]; dtype?: TracedType }>>,
  outputs: Traced['outputs'],
): Program {
  return {
    async run(feeds, into = {}) {
      const inputs: Record<string, OrtTensor> = {}
      for (const [name, { shape, dtype = 'float32' }] of Object.entries(spec)) {
        inputs[name] = tensorOver(runtime, feeds[name]!, dtype, shape)
      }
      const results: Record<string, TensorValue> = {}
      const fetches: Record<string, OrtTensor> = {}
      for (const [name, { shape, dtype, graphShape }] of Object.entries(outputs)) {
        const data = into[name] ?? emptyArray(dtype, sizeOf(shape))
        results[name] = { data, shape, dtype }
        fetches[name] = tensorOver(runtime, data, dtype, graphShape)
      }
      await runInPlace(session, inputs, fetches)
      return results
    },
    dispose: () => session.release(),
  }
}

function emptyArray(dtype: TracedType, size: number): TensorValue['data'] {
  if (dtype === 'bool') return new Uint8Array(size)
  return dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)
}

/** A tensor of ONNX Runtime over an array; nothing is copied. */
function tensorOver(
  { Tensor }: OnnxRuntime,
  data: TypedArray,
  dtype: TracedType,
  shape: readonly number[],
): OrtTensor {
  if (dtype === 'bool') return new Tensor('bool', data as Uint8Array, shape)
  if (dtype === 'int32') return new Tensor('int32', data as Int32Array, shape)
  return new Tensor('float32', data as Float32Array, shape)
}
