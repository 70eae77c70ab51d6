import type { InferenceSession } from 'onnxruntime-node'
import type { GraphBuilder } from './graph.js'

const marker = 'end of results'

/**
 * Adds an output that `runInPlace` needs; it must be the first one.
 *
 * @see runInPlace
 */
export function markForInPlace(graph: GraphBuilder): void {
  const nothing = graph.constant([0], new Float32Array(0))
  graph.node('SequenceConstruct', [nothing], {}, [marker])
  graph.output(marker, 'float32', [0], { sequence: true })
}

/**
 * Runs a session whose results go into the tensors given, and nowhere else.
 *
 * The runtime for Node writes into the tensors that it is given, and then copies each into a new one all the same,
 * which for the gradients of a network takes a tenth of the step. It converts the results in order and stops at one that
 * is not a tensor, after everything was computed: that is the first output of a marked graph.
 *
 * @param session of a graph that `markForInPlace` has marked
 * @param results a tensor for each output
 * @throws what the session throws
 */
export async function runInPlace(
  session: InferenceSession,
  feeds: InferenceSession.OnnxValueMapType,
  results: InferenceSession.OnnxValueMapType,
): Promise<void> {
  try {
    await session.run(feeds, { [marker]: null, ...results })
  } catch (error) {
    if (!(error instanceof Error) || !stopped.test(error.message)) throw error
  }
}

const stopped = /^Non tensor type is temporarily not supported/
