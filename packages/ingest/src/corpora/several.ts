import { InputError } from '@serflow/core'
import { checkAlike } from './alike.js'
import type { CorpusModule } from './corpus.js'
import type { CorpusListing } from './listing.js'

/** One of several corpora, as it was listed by itself. */
export interface NamedListing {
  readonly name: string
  readonly module: Pick<CorpusModule, 'name' | 'own'>
  readonly listing: CorpusListing
  /** What the settings say of whose voices they are. */
  readonly people?: string | undefined
  /** The folder it lies in. */
  readonly root?: string
}

/**
 * Several corpora as one. Files, utterances and sessions get the corpus's name in front, `ravdess/Actor_01/…`;
 * speakers and sentences that of the people they belong to, which are those of the published corpus, so that RAVDESS speech and
 * RAVDESS song, read as two corpora, have the same 24 actors and two sentences; of own data those of the folder, so that two
 * tables of one folder have the same speakers; or those that the settings name. One corpus alone keeps its names.
 *
 * @throws InputError for two corpora of one name, where they do not have the same classes, with the classes of each, and for
 *   speakers of the same people that look like one
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
  const people = peopleOf(corpora)
  const entries = corpora.flatMap(({ name, listing }, index) =>
    listing.entries.map((entry) => ({
      ...entry,
      file: `${name}/${entry.file}`,
      utteranceId: `${name}/${entry.utteranceId}`,
      speakerId: `${people[index]!}/${entry.speakerId}`,
      session: entry.session === null ? null : `${name}/${entry.session}`,
      sentence: entry.sentence === null ? null : `${people[index]!}/${entry.sentence}`,
    })),
  )
  checkAlike(
    'corpora',
    entries.map(({ file, speakerId }) => ({ file, speakerId })),
  )
  return {
    classes,
    entries,
    others: corpora.flatMap(({ name, listing }) =>
      listing.others.map((other) => ({ ...other, file: `${name}/${other.file}` })),
    ),
    leftOutSpeakers: corpora.flatMap(({ listing }, index) =>
      listing.leftOutSpeakers.map((speakerId) => `${people[index]!}/${speakerId}`),
    ),
    speakersKnown: corpora.every(({ listing }) => listing.speakersKnown),
  }
}

/** Whose voices each corpus has. */
function peopleOf(corpora: readonly NamedListing[]): readonly string[] {
  return corpora.map(({ name, module, people, root }) => {
    if (people !== undefined) return people
    if (!module.own) return module.name
    const first = corpora.find((other) => other.module.own && other.root === root && root)
    return first?.people ?? first?.name ?? name
  })
}

/** Two corpora of own data, and the speakers of one name in both who are taken for different people. */
export interface Namesakes {
  readonly corpora: readonly [string, string]
  readonly speakerIds: readonly string[]
}

/** The pairs of own corpora with other people who are called alike: they may be the same after all. */
export function namesakes(corpora: readonly NamedListing[]): Namesakes[] {
  const people = peopleOf(corpora)
  const speakers = corpora.map(
    ({ listing }) => new Set(listing.entries.map(({ speakerId }) => speakerId)),
  )
  return corpora.flatMap((left, i) =>
    corpora.slice(i + 1).flatMap((right, after): Namesakes[] => {
      const j = i + 1 + after
      if (!left.module.own || !right.module.own || people[i] === people[j]) return []
      const speakerIds = [...speakers[i]!].filter((speakerId) => speakers[j]!.has(speakerId)).sort()
      return speakerIds.length > 0 ? [{ corpora: [left.name, right.name], speakerIds }] : []
    }),
  )
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
