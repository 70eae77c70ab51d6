import type { CorpusInfo, Provenance } from '@serflow/evaluate'
import type { Recordings } from './recordings.js'
import type { Settings } from './settings.js'

/** Versions of the packages the stages import, as the build found them. */
export type Versions = Readonly<Record<string, string>>

/** Corpora that the default recipe was chosen on, while looking at their speakers. */
const developedOn: readonly string[] = ['ravdess']

/** Where the report's numbers come from. Nothing of the machine, the time or the number of jobs is in it. */
export function provenanceOf(
  recordings: Recordings,
  settings: Settings,
  versions: Versions,
): { corpusInfo: CorpusInfo; provenance: Provenance } {
  const { corpus, listing, digest } = recordings
  const { speeds } = settings.ingest.augmentation
  return {
    corpusInfo: {
      name: corpus.name,
      title: corpus.title,
      synthetic: corpus.synthetic,
      licence: corpus.licence,
      citation: corpus.citation,
      recipeOrigin: developedOn.includes(corpus.name)
        ? 'developed on this corpus'
        : 'developed on another corpus',
    },
    provenance: {
      // The run's name and folder are left out: they do not change a number.
      settings: {
        corpus: { kind: settings.corpus.kind },
        ingest: settings.ingest,
        features: settings.features,
        segments: settings.segments,
        model: settings.model,
        evaluate: settings.evaluate,
      },
      inputs: { files: listing.entries.length, digest },
      packages: versions,
      backend: 'onnx-cpu',
      protocol: {
        selection: `none: ${settings.model.train.epochs} epochs on a fixed schedule, no early stopping, nothing chosen on test speakers`,
        augmentation:
          speeds.length === 0
            ? 'none'
            : `speed copies ${speeds.join(', ')} of the training clips, one variant drawn a clip and epoch`,
        voting: 'off: a test clip is scored once, as the original',
      },
    },
  }
}
