import { existsSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Audio } from '@serflow/core'
import { logMelChannels } from './channels.js'
import { logMelConfig, type LogMelSettings } from './config.js'
import { kernelNames, type KernelName } from './kernels/kernel.js'
import { signal, type SignalName } from './signals.fixture.js'
import { pcm16 } from './wav.fixture.js'

interface Case {
  readonly program: string
  readonly settings: LogMelSettings
  readonly sampleRateHz: number
  readonly frames: number
  readonly chosen: readonly number[]
  readonly static: readonly (readonly number[])[]
  readonly delta: readonly (readonly number[])[]
  readonly deltaDelta: readonly (readonly number[])[]
}
interface MadeCase extends Case {
  readonly signal: SignalName
}
interface RecordedCase extends Case {
  readonly clip: string
  readonly samplesSha256: string
}

// Golden values have five decimals, a float32 of 100 dB has a step of 8e-6, and what float32 costs is 1e-3 dB.
const tolerances: Record<KernelName, { readonly ln: number; readonly dB: number }> = {
  plain: { ln: 1.2e-5, dB: 2e-5 },
  'wasm-simd': { ln: 1e-3 / (10 / Math.LN10) + 5e-6, dB: 1e-3 + 5e-6 },
}

test.each(golden<MadeCase>('presets.json'))(
  'the $signal has the features that $program gives in its own convention',
  (given) => {
    for (const kernel of kernelNames) {
      expectGolden(signal(given.signal, 0.5, given.sampleRateHz), given, kernel)
    }
  },
)

test('recordings of RAVDESS have the features that librosa, torchaudio and TensorFlow give', () => {
  const folder = process.env['SERFLOW_RAVDESS']
  if (folder === undefined || !existsSync(folder)) {
    console.log('SERFLOW_RAVDESS names no folder with Actor_NN: golden values not checked')
    return
  }
  for (const given of golden<RecordedCase>('ravdess.json')) {
    const { samples } = pcm16(readFileSync(join(folder, given.clip)))
    const integers = Int16Array.from(samples, (sample) => sample * 32768)
    const digest = createHash('sha256').update(integers).digest('hex')
    if (digest !== given.samplesSha256) {
      console.log(`${given.clip} is not the one at 16 kHz of the golden values: not checked`)
      continue
    }
    for (const kernel of kernelNames) {
      expectGolden({ samples, sampleRateHz: given.sampleRateHz }, given, kernel)
    }
  }
})

function golden<T extends Case>(name: string): readonly T[] {
  const url = new URL(`../../../tests/golden/features/${name}`, import.meta.url)
  const { cases }: { readonly cases: readonly T[] } = JSON.parse(readFileSync(url, 'utf8'))
  return cases
}

function expectGolden(sound: Audio, given: Case, kernel: KernelName): void {
  const config = logMelConfig.parse({ ...given.settings, trimDb: null })
  const { data, shape } = logMelChannels(sound, config, { kernel })
  expect(shape).toEqual([given.frames, 64, 3])
  const tolerance = tolerances[kernel][config.log]
  const channels = [given.static, given.delta, given.deltaDelta]
  given.chosen.forEach((frame, index) => {
    channels.forEach((rows, channel) => {
      const errors = rows[index]!.map((value, band) =>
        Math.abs(value - data[(frame * 64 + band) * 3 + channel]!),
      )
      expect(errors).toHaveLength(64)
      expect(Math.max(...errors), `${kernel}, frame ${frame}, channel ${channel}`).toBeLessThan(
        tolerance,
      )
    })
  })
}
