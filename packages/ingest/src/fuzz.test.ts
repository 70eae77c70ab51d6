import { expect, test } from 'vitest'
import { fuzzInput, fuzzOne, fuzzSeeds } from './fuzz.fixture.js'

const seeds = fuzzSeeds()

test('each seed is read', async () => {
  for (const seed of seeds) {
    expect([seed.name, (await fuzzOne(seed)).kind]).toEqual([
      seed.name,
      expect.stringMatching(/^read /),
    ])
  }
})

// `npm run fuzz` goes on from here for minutes.
test('150 damaged files are read or refused by the rules', async () => {
  for (let number = 0; number < 150; number++) {
    const input = fuzzInput(seeds, number)
    expect([number, (await fuzzOne(input)).fault]).toEqual([number, undefined])
  }
})
