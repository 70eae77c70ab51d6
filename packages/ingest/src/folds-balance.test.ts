import { random } from '@serflow/core'
import { expect, test } from 'vitest'
import { mostEven } from './folds-balance.js'
import type { Speaker } from './folds-speakers.js'

const emotions = ['happy', 'sad', 'calm']

/** Speakers of unequal counts; some made sets where exchanges from the first deal end above the optimum. */
function speakers(count: number, seed: number): Speaker[] {
  const draw = random('speakers', seed)
  return Array.from({ length: count }, (_, index) => ({
    speakerId: String(index),
    gender: ['female', 'male', 'male', 'unknown'][draw.integer(4)]!,
    counts: Object.fromEntries(emotions.map((emotion) => [emotion, draw.integer(30)])),
  }))
}

/** Σ over groups and emotions (groups · count − total)² */
function unevenness(groups: readonly (readonly Speaker[])[]): number {
  const count = (group: readonly Speaker[], emotion: string) =>
    group.reduce((sum, { counts }) => sum + counts![emotion]!, 0)
  return emotions.reduce((sum, emotion) => {
    const total = count(groups.flat(), emotion)
    return groups.reduce(
      (squares, group) => squares + (groups.length * count(group, emotion) - total) ** 2,
      sum,
    )
  }, 0)
}

/** Groups that differ by one speaker at most, and by one of each gender. */
function isDealt(groups: readonly (readonly Speaker[])[]): boolean {
  const differ = (sizes: readonly number[]) => Math.max(...sizes) - Math.min(...sizes)
  return ['', 'female', 'male', 'unknown'].every(
    (wanted) =>
      differ(
        groups.map((group) => group.filter(({ gender }) => !wanted || gender === wanted).length),
      ) <= 1,
  )
}

/** The least unevenness of all divisions, by trying each. */
function optimum(all: readonly Speaker[], groups: number): number {
  const made = Array.from({ length: groups }, (): Speaker[] => [])
  const place = (index: number): number => {
    if (index === all.length) return isDealt(made) ? unevenness(made) : Infinity
    let least = Infinity
    for (const group of made) {
      group.push(all[index]!)
      least = Math.min(least, place(index + 1))
      group.pop()
      if (group.length === 0) break // the other empty ones are the same
    }
    return least
  }
  return place(0)
}

test.each([2, 3, 4])('in %d groups no division of few speakers is more even', (groups) => {
  for (let seed = 0; seed < 20; seed++) {
    const all = speakers(5 + (seed % 4), seed)
    const found = mostEven(all, groups)
    expect(isDealt(found)).toBe(true)
    expect(unevenness(found)).toBe(optimum(all, groups))
  }
})

test('what is even as it is dealt stays', () => {
  const all = ['1', '2', '3', '4'].map((speakerId) => ({
    speakerId,
    gender: 'female',
    counts: { sad: 2 },
  }))
  expect(mostEven(all, 2).map((group) => group.map(({ speakerId }) => speakerId))).toEqual([
    ['1', '3'],
    ['2', '4'],
  ])
})

test('a group a speaker, one group, and speakers without counts are divided', () => {
  const all = speakers(5, 1)
  expect(mostEven(all, 5).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
  expect(mostEven(all, 1)).toHaveLength(1)
  expect(mostEven([{ speakerId: 'a', gender: 'male' }], 1)).toEqual([
    [{ speakerId: 'a', gender: 'male' }],
  ])
})
