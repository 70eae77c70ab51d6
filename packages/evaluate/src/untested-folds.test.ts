import { expect, test } from 'vitest'
import { judgedCorpus } from './judged-corpus.fixture.js'
import { partsByFold, usedUtterances } from './leak-check.js'
import { protocolOf } from './protocol.js'
import { untestedWarnings } from './untested-folds.js'

const { corpus, folds } = judgedCorpus()
const parts = partsByFold(folds)

test('a fold of whose speakers nothing can be used is told, and is none of the folds of the protocol', () => {
  const all = usedUtterances(corpus)
  expect(untestedWarnings(all, parts, folds)).toEqual([])
  const tested = [
    ...new Set(
      folds.flatMap((row) => (row.fold === 0 && row.part === 'test' ? [row.speakerId] : [])),
    ),
  ]
  const left = all.filter(({ speakerId }) => !tested.includes(speakerId))
  expect(untestedWarnings(left, parts, folds)).toEqual([
    `Fold 0 tests nothing: no recording of ${tested.sort().join(', ')} could be used.`,
  ])
  const told = protocolOf(left, parts, [], [0], 0.95)
  expect(told.folds).toBe(parts.size - 1)
  expect(told.foldScheme).not.toMatch(/ 0 /)
})
