import {
  backboneFile,
  embeddingSet,
  InputError,
  logMelSet,
  one,
  type ClipTensors,
  type RowTimes,
  type Stage,
  type Tensor,
} from '@serflow/core'
import { BackendUnavailableError, type GraphBackendName } from '@serflow/tfjs-onnx'
import { z } from 'zod'
import { backboneSettings, embeddingDimension } from '../backbone.js'
import { embeddingsConfig } from '../embeddings-config.js'
import { embedClips, openEmbedder } from '../embeddings.js'

export interface EmbeddingsConfig<SegmentSettings> {
  readonly segments: SegmentSettings
  /** Segments the CNN takes at a time; changes the speed, never the result. */
  readonly batch: number
  /** What runs the CNN. */
  readonly backend: GraphBackendName
}

/**
 * Log-mels of a speaker's clips to embeddings: [segments, dimension] a clip, in the clips' order. Settings of
 * the result: `backbone`, `segments`, `weightsSha256`, and `logMel` as the log-mels came with.
 *
 * @param segmentSettings schema of what `cutSegments` may be told
 * @param cutSegments [frames, bands, channels] to [segments, frames, bands, channels]; handed in by the
 *   pipeline, since it belongs to another package
 * @param segmentTimes where segments lie, from where their frames lie; handed in likewise
 */
export function makeEmbeddingsStage<SegmentSettings>(
  segmentSettings: z.ZodType<SegmentSettings>,
  cutSegments: (channels: Tensor, settings: SegmentSettings) => { readonly segments: Tensor },
  segmentTimes: (frameTimes: RowTimes, settings: SegmentSettings) => RowTimes,
): Stage<
  { logMels: ClipTensors; backbone: Uint8Array },
  ClipTensors,
  EmbeddingsConfig<SegmentSettings>
> {
  return {
    name: 'embeddings',
    inputs: { logMels: one(logMelSet), backbone: one(backboneFile) },
    output: embeddingSet,
    config: embeddingsConfig.extend({
      segments: segmentSettings,
      batch: z.int().positive().default(32),
    }),
    async run({ logMels, backbone }, { segments, batch, backend }, context) {
      const { backbone: settings, weightsSha256 } = backboneSettings(backbone)
      const [bands, channels] = logMels.rowShape
      if (bands !== settings.bands || channels !== settings.scales.length) {
        throw new InputError(
          `the log-mels have ${bands} bands and ${channels} channels, the backbone is set to ` +
            `${settings.bands} and ${settings.scales.length}; set the backbone's bands to the front end's`,
        )
      }
      const embedder = await openEmbedder(backbone, batch, backend).catch((error: unknown) => {
        throw error instanceof BackendUnavailableError ? new InputError(error.message) : error
      })
      const clips = await embedClips(
        embedder,
        logMels.clips,
        (tensor) => cutSegments(tensor, segments).segments,
        { batch, progress: (done) => context.progress(done / logMels.clips.length) },
      )
      await embedder.close()
      return {
        rowShape: [embeddingDimension(settings)],
        rowTimes: segmentTimes(logMels.rowTimes, segments),
        settings: { backbone: settings, segments, weightsSha256, logMel: logMels.settings },
        clips,
      }
    },
  }
}
