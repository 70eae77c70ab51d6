import type { InferenceSession } from 'onnxruntime-node'
import { BackendUnavailableError, unavailable, type GraphBackendName } from './backends/backend.js'
import { deviceFault, openDevice, sessionOptions } from './backends/device.js'

/**
 * A session of ONNX Runtime on a model of one's own, whose results do not depend on what else the machine does.
 *
 * @param model ONNX bytes
 * @param threads threads within one operator
 * @param backend name of one of ONNX Runtime's backends, onnx-cpu by default
 * @throws BackendUnavailableError if the backend is not there
 */
export async function createSession(
  model: Uint8Array,
  threads = 1,
  backend: GraphBackendName = 'onnx-cpu',
): Promise<InferenceSession> {
  const runtime = await import('onnxruntime-node')
  await openDevice(runtime, backend).catch((error: unknown) => {
    throw new BackendUnavailableError(unavailable(backend, deviceFault(backend, error)))
  })
  return runtime.InferenceSession.create(model, sessionOptions(backend, threads))
}
