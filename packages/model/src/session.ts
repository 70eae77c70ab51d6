import { InferenceSession } from 'onnxruntime-node'

/**
 * Opens an ONNX model for one thread that sleeps while it waits. Two sessions of one thread in two processes
 * beat one session of two threads, and the order of additions is the same however many processes there are.
 */
export function openSession(model: Uint8Array): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
}
