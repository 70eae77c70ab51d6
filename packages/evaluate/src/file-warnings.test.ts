import { expect, test } from 'vitest'
import { manifestRow } from './judged-corpus.fixture.js'
import { fileWarnings } from './warnings.js'

test('hundreds of clipped files are one line, each with its own number', () => {
  const rows = Array.from({ length: 291 }, (_, i) =>
    manifestRow({ utteranceId: `u${i}`, note: `clipped: ${3 + i} samples at full scale` }),
  )
  const mixed = manifestRow({
    utteranceId: 'v',
    note: 'truncated: the header says 9 frames, the file holds 5; clipped: 7 samples at full scale',
  })
  const warnings = fileWarnings([...rows, mixed])
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toMatch(/^u0\.wav, .* \(used\): clipped\.$/)
  expect(warnings[1]).toBe('v.wav (used): truncated: the header says 9 frames, the file holds 5.')
})
