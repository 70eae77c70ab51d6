import { namesakes, plainName, unusedFoldSettings, type FoldList } from '@serflow/ingest'
import type { Recordings } from './recordings.js'
import type { Settings } from './settings.js'

/** Which speakers of an own division are not there, since other settings leave them out. */
export function leftOutNotes(
  { ingest }: Settings,
  foldTable: FoldList,
  { leftOutSpeakers }: Pick<Recordings, 'leftOutSpeakers'>,
): string[] {
  const list = ingest.folds.scheme === 'list' ? ingest.folds.list : foldTable
  const left = list.flat().filter((speakerId) => leftOutSpeakers.includes(plainName(speakerId)))
  return left.length === 0
    ? []
    : [
        `folds: nothing is left of ${left.join(', ')} by corpus.where or corpus.labels, so no fold has them`,
      ]
}

const mostNames = 5

/** Who would be trained and tested on if two corpora of own data have the same people. */
export function namesakeNotes({ corpora }: Pick<Recordings, 'corpora'>): string[] {
  return namesakes(corpora).map(({ corpora: names, speakerIds }) => {
    const rest = speakerIds.length - mostNames
    const shown = speakerIds.slice(0, mostNames).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
    return (
      `${names.join(' and ')} both have speakers called ${shown}, who are taken for different people; ` +
      `if they are the same, set people: ${names[0]} for both`
    )
  })
}

/** Which settings of the folds were given in vain: a division of one's own may be waiting for its scheme. */
export function unusedNotes(
  given: readonly string[],
  { ingest }: Settings,
  { speakersKnown }: Pick<Recordings, 'speakersKnown'>,
): string[] {
  const { scheme } = speakersKnown ? ingest.folds : { scheme: 'random-clips' as const }
  const names = given.flatMap((path) => /^ingest\.folds\.(\w+)/.exec(path)?.[1] ?? [])
  return unusedFoldSettings([...new Set(names)], scheme).map(
    ({ name, schemes }) =>
      `ingest.folds.${name} is not looked at by the scheme ${scheme}, but by ${schemes.join(', ')}; ` +
      'set ingest.folds.scheme, or leave it out',
  )
}
