import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balance } from './balance.js'
import { ravdessEmotions } from './corpora/ravdess-names.js'

const repeat = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([emotion, count]) => new Array<string>(count).fill(emotion))
const weightsOf = (rows: ReturnType<typeof balance>) =>
  Object.fromEntries(rows.map(({ emotion, weight }) => [emotion, weight]))

test('the weights of RAVDESS: 15/8 for neutral, 15/16 for the others', () => {
  const counts = Object.fromEntries(
    ravdessEmotions.map((emotion) => [emotion, emotion === 'neutral' ? 96 : 192]),
  )
  const rows = balance(3, repeat(counts), ravdessEmotions, 'weights')
  expect(rows.map(({ emotion }) => emotion)).toEqual(ravdessEmotions)
  expect(rows[0]).toEqual({ fold: 3, emotion: 'neutral', utterances: 96, weight: 1.875, draws: 96 })
  expect(rows.slice(1).every(({ weight }) => weight === 0.9375)).toBe(true)
})

test('an absent class has weight 0, and the others share the whole', () => {
  const rows = balance(
    null,
    repeat({ angry: 30, happy: 10, sad: 20 }),
    ['angry', 'happy', 'calm', 'sad'],
    'weights',
  )
  expect(weightsOf(rows)).toEqual({ angry: 60 / 3 / 30, happy: 2, calm: 0, sad: 1 })
})

test('without balancing each present class has weight 1', () => {
  const rows = balance(0, ['sad', 'sad', 'calm'], ['calm', 'angry', 'sad'], 'none')
  expect(rows).toEqual([
    { fold: 0, emotion: 'calm', utterances: 1, weight: 1, draws: 1 },
    { fold: 0, emotion: 'angry', utterances: 0, weight: 0, draws: 0 },
    { fold: 0, emotion: 'sad', utterances: 2, weight: 1, draws: 2 },
  ])
})

test('weights are finite, each present class weighs alike, and the mean over utterances is 1', () => {
  const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(counts, (numbers) => {
      const classes = numbers.map((_, index) => `class ${index}`)
      const emotions = numbers.flatMap((count, index) =>
        new Array<string>(count).fill(`class ${index}`),
      )
      const present = numbers.filter((count) => count > 0).length
      const rows = balance(null, emotions, classes, 'weights')
      for (const { utterances, weight } of rows) {
        const expected = utterances === 0 ? 0 : emotions.length / present
        expect(utterances * weight).toBeCloseTo(expected, 9)
      }
    }),
  )
})

test('even draws: as many of each present class as classes have on average, each counting 1', () => {
  const rows = balance(
    0,
    repeat({ angry: 30, happy: 10, sad: 21 }),
    ['angry', 'happy', 'calm', 'sad'],
    'draws',
  )
  expect(rows.map(({ draws, weight }) => [draws, weight])).toEqual([
    [20, 1],
    [20, 1],
    [0, 0],
    [20, 1],
  ])
})

test('oversampling: as many of each present class as the largest has', () => {
  const rows = balance(
    0,
    repeat({ angry: 30, happy: 10 }),
    ['angry', 'happy', 'calm'],
    'oversampling',
  )
  expect(rows.map(({ draws, weight, utterances }) => [draws, weight, utterances])).toEqual([
    [30, 1, 30],
    [30, 1, 10],
    [0, 0, 0],
  ])
})

test('whatever the kind, present classes are drawn and weighed alike, but for none', () => {
  const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(counts, fc.constantFrom('weights', 'draws', 'oversampling'), (numbers, kind) => {
      const classes = numbers.map((_, index) => `class ${index}`)
      const emotions = numbers.flatMap((count, index) =>
        new Array<string>(count).fill(`class ${index}`),
      )
      const mass = balance(null, emotions, classes, kind)
        .filter(({ utterances }) => utterances > 0)
        .map(({ weight, draws }) => weight * draws)
      for (const each of mass) expect(each).toBeCloseTo(mass[0]!, 9)
    }),
  )
})

test('no utterance at all is no draw', () => {
  expect(balance(0, [], ['sad'], 'oversampling')).toEqual([
    { fold: 0, emotion: 'sad', utterances: 0, weight: 0, draws: 0 },
  ])
})
