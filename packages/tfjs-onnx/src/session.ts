import { InferenceSession } from 'onnxruntime-node'

/**
 * A session on the processor whose results do not depend on what else the machine does.
 *
 * Threads do not spin while they wait: with other work on the same cores, spinning costs more than it saves.
 *
 * @param model ONNX bytes
 * @param threads threads within one operator
 */
export function createSession(model: Uint8Array, threads = 1): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  })
}
