import type { CorpusInfo, Provenance } from '@serflow/evaluate'
import { effectsOf, labelMapVersions } from '@serflow/ingest'
import type { Kernels } from './kernels.js'
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
  kernels: Kernels,
): { corpusInfo: CorpusInfo; provenance: Provenance } {
  const { corpora, files, digest } = recordings
  const each = corpora.map(({ listing }) => listing.about)
  return {
    corpusInfo: {
      name: corpora.map(({ name }) => name).join('+'),
      title: together(each.map(({ title }) => title)),
      synthetic: corpora.some(({ module }) => module.synthetic),
      licence: together(each.map(({ licence }) => licence)),
      citation: together(each.map(({ citation }) => citation)),
      recipeOrigin: recipeOrigin(corpora.map(({ module }) => developedOn.includes(module.name))),
      corpora: corpora.map(({ name, module, settings, listing }) => ({
        name,
        kind: module.name,
        ...listing.about,
        classes: [...listing.classes],
        labels: settings.labels ?? null,
        labelVersions: {
          reader: module.own ? null : module.labelsVersion,
          map: typeof settings.labels === 'string' ? labelMapVersions[settings.labels] : null,
        },
        labelChanges: [...listing.labelChanges],
        where: settings.where ?? null,
      })),
    },
    provenance: {
      // The run's name and folders are left out: they do not change a number.
      settings: {
        corpora: corpora.map(({ settings }) => {
          const { directory: _, allowUnreadable: __, ...told } = settings
          return told
        }),
        ingest: settings.ingest,
        features: settings.features,
        segments: settings.segments,
        model: settings.model,
        evaluate: settings.evaluate,
      },
      inputs: { files, digest },
      packages: versions,
      backend: backendInWords(settings),
      kernels,
      protocol: {
        selection: `none: ${settings.model.train.epochs} epochs on a fixed schedule, no early stopping, nothing chosen on test speakers`,
        augmentation: augmentationInWords(settings),
        voting: 'off: a test clip is scored once, as the original',
      },
    },
  }
}

/** What computed: training runs on it or fails, so that it is what was asked for. */
function backendInWords({ model: { train, embeddings } }: Settings): string {
  if (train.backend === embeddings.backend) return train.backend
  return `${train.backend}; embeddings ${embeddings.backend}`
}

function augmentationInWords({ ingest }: Settings): string {
  const { speeds, copies } = ingest.augmentation
  const others = effectsOf({ speeds: [], copies })
  const kinds = [
    ...(speeds.length > 0 ? [`speed copies ${speeds.join(', ')}`] : []),
    ...(others.length > 0 ? [`copies ${others.join(', ')}`] : []),
  ]
  if (kinds.length === 0) return 'none'
  return `${kinds.join(' and ')} of the training clips, one variant drawn a clip and epoch`
}

/** The different ones, in order. */
function together(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ')
}

/** @param known of each corpus, whether the recipe was chosen on it */
function recipeOrigin(known: readonly boolean[]): string {
  if (!known.includes(true)) return 'developed on another corpus'
  return known.length > 1 ? 'developed on one of these corpora' : 'developed on this corpus'
}
