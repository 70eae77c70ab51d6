import type { InferenceSession } from 'onnxruntime-node'
import { sessionOptions } from './backends/onnx.js'

/**
 * A session of ONNX Runtime on a model of one's own, whose results do not depend on what else the machine does.
 *
 * @param model ONNX bytes
 * @param threads threads within one operator
 * @param backend name of one of ONNX Runtime's backends, onnx-cpu by default
 */
export async function createSession(
  model: Uint8Array,
  threads = 1,
  backend: 'onnx-cpu' | 'onnx-webgpu' | 'onnx-cuda' = 'onnx-cpu',
): Promise<InferenceSession> {
  const { InferenceSession: sessions } = await import('onnxruntime-node')
  return sessions.create(model, sessionOptions(backend, threads))
}
