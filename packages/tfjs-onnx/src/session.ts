import type { InferenceSession } from 'onnxruntime-node'
import type { GraphBackendName } from './backends/backend.js'
import { openBackend } from './backends/open.js'
import { sessionOptions } from './backends/onnx.js'

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
  if (backend !== 'onnx-cpu') await openBackend(backend)
  const { InferenceSession: sessions } = await import('onnxruntime-node')
  return sessions.create(model, sessionOptions(backend, threads))
}
