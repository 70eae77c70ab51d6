import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMelConfig } from './config.js'
import { hzToMel, melFilterBank, melScales, melToHz, type MelScale } from './mel.js'

interface Golden {
  readonly hz: readonly number[]
  readonly mel: readonly number[]
  readonly centresHz: readonly number[]
}
const golden: Record<MelScale, Golden> = JSON.parse(
  readFileSync(new URL('../../../tests/golden/features/mel.json', import.meta.url), 'utf8'),
)
const paper = logMelConfig.parse({})

test.each(melScales)('the %s scale is that of librosa', (scale) => {
  const { hz, mel } = golden[scale]
  hz.forEach((frequencyHz, index) => {
    expect(hzToMel(frequencyHz, scale)).toBeCloseTo(mel[index]!, 7)
    expect(melToHz(mel[index]!, scale)).toBeCloseTo(frequencyHz, 4)
  })
})

test.each(melScales)(
  '64 bands from 0 to 8000 Hz have the centres of librosa on the %s scale',
  (scale) => {
    const { centresHz } = melFilterBank({ ...paper, lowHz: 0, melScale: scale })
    expect(centresHz).toHaveLength(64)
    golden[scale].centresHz.forEach((centre, band) =>
      expect(centresHz[band]).toBeCloseTo(centre, 4),
    )
  },
)

test('the two scales are not the same', () => {
  const centre = (melScale: MelScale) => melFilterBank({ ...paper, melScale }).centresHz[20]!
  expect(Math.abs(centre('htk') - centre('slaney'))).toBeGreaterThan(10)
})

test('there and back is the same frequency', () => {
  const frequency = fc.double({ min: 0, max: 24000, noNaN: true })
  fc.assert(
    fc.property(frequency, fc.constantFrom(...melScales), (frequencyHz, scale) => {
      expect(melToHz(hzToMel(frequencyHz, scale), scale)).toBeCloseTo(frequencyHz, 7)
    }),
  )
})

test('weights are triangles: those of all bands add up to 1 between the first and the last centre', () => {
  const { firstBins, offsets, weights, centresHz } = melFilterBank(paper)
  const sums = new Float64Array(257)
  for (let band = 0; band < paper.bands; band++) {
    for (let w = offsets[band]!; w < offsets[band + 1]!; w++) {
      sums[firstBins[band]! + w - offsets[band]!]! += weights[w]!
    }
  }
  sums.forEach((sum, bin) => {
    const frequencyHz = bin * 31.25
    if (frequencyHz < centresHz[0]! || frequencyHz > centresHz[63]!) return
    expect(sum).toBeCloseTo(1, 12)
  })
})

test('every weight lies in its band and is above zero, on both scales and any edges', () => {
  const settings = fc.record({
    melScale: fc.constantFrom(...melScales),
    bands: fc.integer({ min: 1, max: 128 }),
    lowHz: fc.integer({ min: 0, max: 3000 }),
    highHz: fc.integer({ min: 3100, max: 8000 }),
  })
  fc.assert(
    fc.property(settings, (given) => {
      const { firstBins, offsets, weights, centresHz } = melFilterBank({ ...paper, ...given })
      weights.forEach((weight) => expect(weight).toBeGreaterThan(0))
      for (let band = 1; band < given.bands - 1; band++) {
        const bins = offsets[band + 1]! - offsets[band]!
        if (bins === 0) continue
        expect(firstBins[band]! * 31.25).toBeGreaterThan(centresHz[band - 1]! - 1e-6)
        expect((firstBins[band]! + bins - 1) * 31.25).toBeLessThan(centresHz[band + 1]! + 1e-6)
      }
    }),
  )
})

test('with melNorm area a band of many bins has area 1 over Hz', () => {
  const { offsets, weights } = melFilterBank({ ...paper, fftSize: 65536, melNorm: 'area' })
  for (const band of [0, 30, 63]) {
    let sum = 0
    for (let w = offsets[band]!; w < offsets[band + 1]!; w++) sum += weights[w]!
    expect((sum * 16000) / 65536).toBeCloseTo(1, 3)
  }
})
