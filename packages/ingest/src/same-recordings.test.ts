import { readFileSync } from 'node:fs'
import { random, type Audio } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tone } from './effects/sounds.fixture.js'
import { fingerprint, fingerprintText, parseFingerprint } from './fingerprint.js'
import { resample } from './resample.js'
import { sampleClip } from './sample/sample-corpus.js'
import { leastSameShare, sameRecordings } from './same-recordings.js'
import { readAudio } from './sound.js'
import { decodeWav } from './wav.js'

const name = '03-01-05-01-01-01-01'
const clip = (clipName: string): Audio => decodeWav(sampleClip(clipName), clipName).audio
const voice = clip(name)
/** Places of those that have most of the longer one in common. */
const pairsOf = (...sounds: Audio[]) =>
  sameRecordings(sounds.map((sound) => fingerprint(sound)))
    .filter(({ share }) => share >= leastSameShare)
    .map(({ first, second }) => [first, second])

function noise(seconds: number, seed: string, level = 0.2): Float32Array {
  const draw = random('noise', seed)
  return Float32Array.from({ length: seconds * 16000 }, () => level * draw.normal())
}

test('a recording is found again at any level, rate and delay, cut, and with noise 30 dB below', () => {
  const change = fc.record({
    gainDb: fc.double({ min: -40, max: 20, noNaN: true }),
    rateHz: fc.constantFrom(8000, 11025, 16000, 22050, 44100, 48000),
    delaySamples: fc.nat(20000),
    cutSamples: fc.nat(4000),
    isNoisy: fc.boolean(),
  })
  const rms = Math.sqrt(voice.samples.reduce((sum, x) => sum + x * x, 0) / voice.samples.length)
  fc.assert(
    fc.property(change, ({ gainDb, rateHz, delaySamples, cutSamples, isNoisy }) => {
      const kept = voice.samples.subarray(cutSamples)
      const samples = new Float32Array(delaySamples + kept.length)
      samples.set(kept, delaySamples)
      const hiss = noise(samples.length / 16000, 'hiss', isNoisy ? rms / 10 ** (30 / 20) : 0)
      const gain = 10 ** (gainDb / 20)
      const changed = samples.map((x, i) => gain * (x + (hiss[i] ?? 0)))
      const copy = resample({ samples: changed, sampleRateHz: 16000 }, rateHz)
      expect(pairsOf(voice, copy)).toEqual([[0, 1]])
    }),
    { numRuns: 40 },
  )
})

test.each(['quiet-delayed.mp3', 'delayed.opus', 'telephone.ogg', 'mu-law.wav'])(
  'the same recording as %s is found',
  async (file) => {
    const golden = new URL(`../../../tests/golden/ingest/copies/${file}`, import.meta.url)
    const { audio } = await readAudio(new Uint8Array(readFileSync(golden)), file)
    expect(pairsOf(clip('03-01-04-01-01-01-01'), voice, audio)).toEqual([[1, 2]])
  },
)

test('different utterances are not: one sentence by other speakers, again, and in another manner', () => {
  const names = ['01', '02', '03', '04'].flatMap((speaker) =>
    ['01', '02', '05'].flatMap((emotion) =>
      ['01', '02'].map((take) => `03-01-${emotion}-01-01-${take}-${speaker}`),
    ),
  )
  expect(pairsOf(...names.map(clip))).toEqual([])
})

test('tones that stand, and noises, are one recording only with themselves', () => {
  const [first, second] = [tone(440, 3), tone(440, 3)]
  const late = { ...second, samples: second.samples.map((x, i) => (i < 700 ? 0 : 0.5 * x)) }
  expect(pairsOf(first, late)).toEqual([])
  const hiss = { samples: noise(3, 'a'), sampleRateHz: 16000 }
  const other = { samples: noise(3, 'b'), sampleRateHz: 16000 }
  expect(pairsOf(hiss, other)).toEqual([])
  expect(pairsOf(hiss, other, { ...hiss, samples: hiss.samples.map((x) => x / 3) })).toEqual([
    [0, 2],
  ])
})

test('an excerpt is told with its share of the whole; what shares less than half of itself with another is not', () => {
  const [left, right] = [noise(6, 'left'), noise(6, 'right')]
  const sound = (...parts: Float32Array[]): Audio => ({
    samples: Float32Array.from(parts.flatMap((part) => [...part])),
    sampleRateHz: 16000,
  })
  const excerpt = sound(left.subarray(32000, 64000))
  const overlapping = sound(left.subarray(64000), right.subarray(0, 64000))
  const whole = sound(left)
  const found = sameRecordings([whole, excerpt, overlapping].map((sound) => fingerprint(sound)))
  expect(found.map(({ first, second }) => [first, second])).toEqual([[0, 1]])
  expect(found[0]!.share).toBeGreaterThan(0.3)
  expect(found[0]!.share).toBeLessThan(0.4)
})

test('silence, and less than 0.4 s of sound, have no fingerprint', () => {
  expect(fingerprint({ samples: new Float32Array(48000), sampleRateHz: 16000 })).toBeNull()
  expect(fingerprint({ samples: new Float32Array(0), sampleRateHz: 16000 })).toBeNull()
  expect(fingerprint(tone(440, 0.9))).toBeNull()
  const short = new Float32Array(48000)
  short.set(noise(1, 'short').subarray(0, 1000))
  expect(fingerprint({ samples: short, sampleRateHz: 16000 })).toBeNull()
  short.set(noise(1, 'short').subarray(0, 8000))
  expect(fingerprint({ samples: short, sampleRateHz: 16000 })).not.toBeNull()
  expect(sameRecordings([null, fingerprint(voice), null])).toEqual([])
  expect(sameRecordings([])).toEqual([])
})

/** Stretches of speech from where it is going on. */
const stretches = (seconds: number) =>
  ['01', '02', '03', '04'].flatMap((speaker) =>
    ['01', '03', '05'].map((emotion): Audio => {
      const { samples } = clip(`03-01-${emotion}-01-01-01-${speaker}`)
      return { samples: samples.slice(6000, 6000 + seconds * 16000), sampleRateHz: 16000 }
    }),
  )

test.each([0.45, 0.6, 0.8, 1])(
  'of %d s of speech a copy at another level, rate, number of bits or place is found, and nothing else',
  (seconds) => {
    const sounds = stretches(seconds)
    expect(pairsOf(...sounds)).toEqual([])
    const changed = sounds.map(({ samples, sampleRateHz }, index): Audio => {
      const delayed = new Float32Array(samples.length + 1000 + 333 * index)
      delayed.set(samples, 300 + 333 * index)
      const quiet = delayed.map((x) => Math.round(0.3 * x * 2 ** 14) / 2 ** 14)
      return resample({ samples: quiet, sampleRateHz }, [8000, 11025, 44100][index % 3]!)
    })
    const expected = sounds.map((_, index) => [index, index + sounds.length])
    expect(pairsOf(...sounds, ...changed)).toEqual(expected)
  },
)

test('half a second within a long recording is not told: so little may be alike by chance', () => {
  expect(pairsOf(voice, { ...voice, samples: voice.samples.slice(8000, 16000) })).toEqual([])
})

test('tones that swell, fade or beat alike are no recording of one another', () => {
  const made = [0.5, 0.9, 2].flatMap((seconds) =>
    [200, 220, 440, 450, 880].flatMap((hz) =>
      [
        (t: number) => Math.sin((Math.PI * t) / seconds) ** 2,
        (t: number) => Math.exp(-4 * t),
        (t: number) => 1 + 0.5 * Math.sin(2 * Math.PI * 5 * t),
      ].map((level): [string, Audio] => {
        const { samples, sampleRateHz } = tone(hz, seconds)
        const shaped = samples.map((x, i) => x * level(i / sampleRateHz))
        return [`${hz} Hz`, { samples: shaped, sampleRateHz }]
      }),
    ),
  )
  const pairs = pairsOf(...made.map(([, sound]) => sound))
  expect(pairs.filter(([i, j]) => made[i!]![0] !== made[j!]![0])).toEqual([])
})

test('two minutes are looked at', () => {
  const hour = { samples: new Float32Array(200 * 16000), sampleRateHz: 16000 }
  hour.samples.set(noise(1, 'start'))
  hour.samples.set(voice.samples, 150 * 16000)
  expect(fingerprint(hour)!.length).toBeLessThanOrEqual(120 / 0.032)
  expect(pairsOf(hour, voice)).toEqual([])
})

test('a recording with itself differs in no bit, and its fingerprint can be kept as text', () => {
  const words = fingerprint(voice)!
  expect(parseFingerprint(fingerprintText(words))).toEqual(words)
  expect(sameRecordings([words, words, words])).toEqual([
    { first: 0, second: 1, share: 1 },
    { first: 0, second: 2, share: 1 },
    { first: 1, second: 2, share: 1 },
  ])
})

test('both kernels make fingerprints of one recording, each with its own last bits', () => {
  const [plain, fast] = [fingerprint(voice, 'plain')!, fingerprint(voice, 'wasm-simd')!]
  const [{ share } = { share: 0 }] = sameRecordings([plain, fast])
  expect(share).toBeGreaterThan(0.95)
})
