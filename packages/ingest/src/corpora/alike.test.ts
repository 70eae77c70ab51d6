import { InputError } from '@serflow/core'
import { describe, expect, test } from 'vitest'
import { checkAlike, sentenceSpellings } from './alike.js'

const said = (speakerId: string | null, session?: string) => ({
  file: `${speakerId} ${session}.wav`,
  speakerId,
  ...(session === undefined ? {} : { session }),
})

test.each([
  ['anna', 'Anna'],
  ['01', '1'],
  ['s1', 's01'],
  ['Actor_1', 'Actor_01'],
  ['1', '1.0'],
  ['spk_1', 'spk-1'],
  ['spk 1', 'spk.01'],
  ['s\uff11', 's1'],
  ['Straße', 'STRASSE'],
  ['O’Neil', "O'Neil"],
])('the speakers "%s" and "%s" look like one, and so do sessions', (first, second) => {
  for (const [left, right] of [
    [first, second],
    [second, first],
  ] as const) {
    const speakers = () => checkAlike('own', [said(left), said('other'), said(right)])
    expect(speakers).toThrow(InputError)
    expect(speakers).toThrow(
      `own: the speakers "${left}" (${left} undefined.wav) and "${right}" (${right} undefined.wav) look like one, who ` +
        'would be trained and tested on; write them alike, or give one another name',
    )
    expect(() => checkAlike('own', [said('a', left), said('b', right)])).toThrow(
      `the sessions "${left}"`,
    )
  }
})

test.each([
  ['s1', 's10'],
  ['10', '1'],
  ['100', '1'],
  ['1.1', '1.10'],
  ['1-11', '11-1'],
  ['0', '00a'],
  ['Müller', 'Muller'],
  ['Ses01F', 'Ses01M'],
])('the speakers "%s" and "%s" are two', (left, right) => {
  checkAlike('own', [said(left), said(right), said(left), said(null), said(right, left)])
})

describe('sentences', () => {
  test('that differ in case, punctuation and blanks are one', () => {
    const alike = ['Kids are talking.', 'kids are  talking', 'KIDS ARE TALKING!']
    const spelled = sentenceSpellings([...alike, 'dogs are sitting', undefined])
    expect(new Set(alike.map(spelled))).toEqual(new Set(['KIDS ARE TALKING!']))
    expect(spelled('dogs are sitting')).toBe('dogs are sitting')
    const reversed = sentenceSpellings([...alike].reverse())
    expect(alike.map(reversed)).toEqual(alike.map(spelled))
  })

  test('of codes, of marks alone and of other words are as many', () => {
    const all = ['1-2', '12', '01', '1', '?', '!', 'kids', 'kid s']
    const spelled = sentenceSpellings(all)
    expect(all.map(spelled)).toEqual(all)
  })
})
