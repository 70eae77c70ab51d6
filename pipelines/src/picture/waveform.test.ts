import { logMelConfig, segmentConfig } from '@serflow/features'
import { expect, test } from 'vitest'
import { timeAxis } from './layout.js'
import { waveformPanel } from './waveform.js'
import { windowFeatures } from './window-features.js'

const panel = { top: 50, height: 70 }

function draw(samples: readonly number[]): string {
  const audio = { samples: Float32Array.from(samples), sampleRateHz: 16000 }
  const window = windowFeatures(audio, 0, logMelConfig.parse({}), segmentConfig.parse({}))
  return waveformPanel(panel, timeAxis(0, 1), [window])
}

const wordsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words!)

test.each([
  [0, ['\u22121', '0', '1', 'amplitude']],
  [0.3, ['\u22120.5', '0', '0.5', 'amplitude']],
  [0.012, ['\u22120.02', '0', '0.02', 'amplitude']],
  [1 / 32768, ['\u22125', '0', '5', 'amplitude / 10\u207b\u2075']],
  [3e-4, ['\u22125', '0', '5', 'amplitude / 10\u207b\u2074']],
  [1.5e-39, ['\u22122', '0', '2', 'amplitude / 10\u207b\u00b3\u2079']],
  [1000, ['\u22121000', '0', '1000', 'amplitude']],
  [32767, ['\u22125', '0', '5', 'amplitude / 10\u2074']],
  [3e38, ['\u22125', '0', '5', 'amplitude / 10\u00b3\u2078']],
])('a peak of %d has labels that fit beside the axis', (peak, expected) => {
  const words = wordsOf(draw([0, peak, -peak / 2, 0]))
  expect(words.slice(1)).toEqual(expected)
})

test('a sample alone is a dot, where a line would be nothing', () => {
  const [, path] = /d="([^"]*)" class="wave dot"/.exec(draw([0.5]))!
  // The limit is 0.5, 32 points above the middle.
  expect(path).toBe('M66 53h0')
  expect(draw([0.5, 0.5])).not.toContain('dot')
})
