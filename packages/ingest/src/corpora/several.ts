import { InputError } from '@serflow/core'
import type { CorpusModule } from './corpus.js'
import type { CorpusListing } from './listing.js'

/** One of several corpora, as it was listed by itself. */
export interface NamedListing {
  readonly name: string
  readonly module: Pick<CorpusModule, 'name' | 'own'>
  readonly listing: CorpusListing
}

/**
 * Several corpora as one. Files, utterances and sessions get the corpus's name in front, `ravdess/Actor_01/…`;
 * speakers and sentences that of the published corpus they belong to, so that RAVDESS speech and RAVDESS song, read as two corpora,
 * have the same 24 actors and two sentences. One corpus alone keeps its names.
 *
 * @throws InputError for two corpora of one name, and where they do not have the same classes, with the classes of each
 */
export function mergeListings(
  corpora: readonly NamedListing[],
): Pick<CorpusListing, 'classes' | 'entries' | 'others' | 'speakersKnown' | 'leftOutSpeakers'> {
  const [first, ...rest] = corpora
  if (!first) throw new InputError('corpora: expected at least one corpus')
  if (rest.length === 0) return first.listing
  const names = corpora.map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) {
    throw new InputError(`corpora: two are named "${repeated}"; give one another name`)
  }
  const classes = agreedClasses(corpora)
  return {
    classes,
    entries: corpora.flatMap(({ name, module, listing }) => {
      const people = module.own ? name : module.name
      return listing.entries.map((entry) => ({
        ...entry,
        file: `${name}/${entry.file}`,
        utteranceId: `${name}/${entry.utteranceId}`,
        speakerId: `${people}/${entry.speakerId}`,
        session: entry.session === null ? null : `${name}/${entry.session}`,
        sentence: entry.sentence === null ? null : `${people}/${entry.sentence}`,
      }))
    }),
    others: corpora.flatMap(({ name, listing }) =>
      listing.others.map((other) => ({ ...other, file: `${name}/${other.file}` })),
    ),
    leftOutSpeakers: corpora.flatMap(({ name, module, listing }) =>
      listing.leftOutSpeakers.map((speakerId) => `${module.own ? name : module.name}/${speakerId}`),
    ),
    speakersKnown: corpora.every(({ listing }) => listing.speakersKnown),
  }
}

/** In the order of the first corpus. */
function agreedClasses(corpora: readonly NamedListing[]): readonly string[] {
  const { classes } = corpora[0]!.listing
  const sorted = (list: readonly string[]) => [...list].sort().join('\n')
  if (corpora.every(({ listing }) => sorted(listing.classes) === sorted(classes))) return classes
  const sets = corpora.map(({ name, listing }) => `${name} has ${listing.classes.join(', ')}`)
  throw new InputError(
    `corpora: their classes differ: ${sets.join('; ')}. Set labels for each, such as labels: four, so that all have the same`,
  )
}
