import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aLawValue, muLawValue } from './g711.js'

const golden = JSON.parse(
  readFileSync(new URL('../../../tests/golden/ingest/g711.json', import.meta.url), 'utf8'),
) as { muLaw: number[]; aLaw: number[] }

test('every mu-law byte has the value that audioop gives', () => {
  golden.muLaw.forEach((value, byte) => expect(muLawValue(byte) * 32768).toBe(value))
})

test('every A-law byte has the value that audioop gives', () => {
  golden.aLaw.forEach((value, byte) => expect(aLawValue(byte) * 32768).toBe(value))
})
