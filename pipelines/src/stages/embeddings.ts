import { cutSegments, segmentConfig, segmentTimes } from '@serflow/features'
import { makeEmbeddingsStage } from '@serflow/model'

/** Segments are cut on reading: overlapping copies would double the disk. */
export const stage = makeEmbeddingsStage(segmentConfig, cutSegments, segmentTimes)
