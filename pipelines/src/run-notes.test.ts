import { corpora } from '@serflow/ingest'
import { expect, test } from 'vitest'
import type { ListedCorpus } from './recordings.js'
import { leftOutNotes, namesakeNotes, unusedNotes } from './run-notes.js'
import { checkSettings } from './settings.js'

/** Own data with these speakers, as far as notes look at it. */
const listed = (name: string, root: string, speakerIds: readonly string[]) =>
  ({
    name,
    root,
    people: undefined,
    module: corpora.table,
    listing: { entries: speakerIds.map((speakerId) => ({ speakerId })) },
  }) as unknown as ListedCorpus

test('speakers of one name in two own folders are noted, the first few by name', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  expect(
    namesakeNotes({ corpora: [listed('tr', '/x', many), listed('te', '/y', [...many, 'z'])] }),
  ).toEqual([
    'tr and te both have speakers called a, b, c, d, e and 2 more, who are taken for different people; if they are the ' +
      'same, set people: tr for both',
  ])
  expect(
    namesakeNotes({ corpora: [listed('tr', '/x', ['a']), listed('te', '/x', ['a'])] }),
  ).toEqual([])
  expect(
    namesakeNotes({ corpora: [listed('tr', '/x', ['a']), listed('te', '/y', ['b'])] }),
  ).toEqual([])
})

test('speakers of an own division of whom nothing is left are noted', () => {
  const folds = { scheme: 'list', list: [['a'], ['b ', 'c']] }
  const settings = checkSettings({ corpus: { kind: 'sample' }, ingest: { folds } })
  expect(leftOutNotes(settings, [], { leftOutSpeakers: ['b', 'x'] })).toEqual([
    'folds: nothing is left of b  by corpus.where or corpus.labels, so no fold has them',
  ])
  expect(leftOutNotes(settings, [], { leftOutSpeakers: [] })).toEqual([])
})

test('settings that only recordings at random look at are in use where speakers are not known', () => {
  const settings = checkSettings({ corpus: { kind: 'sample' } })
  const given = ['ingest.folds.seed', 'ingest.folds.list', 'ingest.balance.kind']
  const names = (speakersKnown: boolean) =>
    unusedNotes(given, settings, { speakersKnown }).map((note) => note.split(' ')[0])
  expect(names(true)).toEqual(['ingest.folds.seed', 'ingest.folds.list'])
  expect(names(false)).toEqual(['ingest.folds.list'])
})
