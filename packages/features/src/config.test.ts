import { expect, test } from 'vitest'
import { logMelConfig, segmentConfig } from './config.js'
import { hopSamples, windowSamples } from './frames.js'
import { presetNames, presets } from './presets.js'

test('nothing given is the preset of the paper', () => {
  expect(logMelConfig.parse({})).toEqual({
    preset: 'paper',
    sampleRateHz: 16000,
    preEmphasis: 0.97,
    windowMs: 25,
    hopMs: 10,
    padding: 'none',
    fftSize: 512,
    window: 'hamming',
    windowPeriod: 'periodic',
    spectrum: 'power',
    bands: 64,
    lowHz: 20,
    highHz: 8000,
    melScale: 'htk',
    melSides: 'hz',
    melNorm: 'none',
    log: 'ln',
    floor: 1e-7,
    slopes: 'regression',
    deltaRadius: 2,
    trimDb: 45,
    trimMarginFrames: 5,
  })
  expect(segmentConfig.parse({})).toEqual({ segmentFrames: 64, hopFrames: 32, maxSegments: 46 })
})

test.each([
  [{ fftSize: 500 }, 'fftSize', 'fftSize 500 is no power of two; take 512'],
  [{ fftSize: 300 }, 'fftSize', 'fftSize 300 is no power of two; take 512'],
  [
    { fftSize: 256 },
    'fftSize',
    'fftSize 256 is shorter than the window of 400 samples (windowMs 25); take 512',
  ],
  [{ highHz: 8001 }, 'highHz', 'highHz 8001 is above 8000, half of sampleRateHz; lower it'],
  [{ lowHz: 8000 }, 'lowHz', 'lowHz 8000 is not below highHz 8000; lower it'],
  [{ windowMs: 0.01 }, 'windowMs', 'windowMs 0.01 is less than one sample at 16000 Hz; raise it'],
  [{ hopMs: 0.01 }, 'hopMs', 'hopMs 0.01 is less than one sample at 16000 Hz; raise it'],
  [
    // librosa.filters.mel has as many empty rows
    { bands: 200 },
    'bands',
    '200 bands are too many for fftSize 512: 10 would hold no bin; lower bands or raise fftSize',
  ],
  [
    { bands: 1, lowHz: 1001, highHz: 1030 },
    'bands',
    'a band from 1001 to 1030 Hz holds no bin of fftSize 512; raise fftSize, or widen lowHz to highHz',
  ],
  [
    { hopMs: 4097 },
    'hopMs',
    'hopMs 4097 is 65552 samples at 16000 Hz, expected at most 65536; lower it',
  ],
  [
    { windowMs: 1e9 },
    'windowMs',
    'windowMs 1000000000 is 16000000000 samples at 16000 Hz, expected at most 1048576; lower it',
  ],
])('settings that contradict each other are refused: %j', (settings, path, message) => {
  const { error } = logMelConfig.safeParse(settings)
  const issues = error?.issues.map((issue) => [issue.path.join('.'), issue.message])
  expect(issues).toEqual([[path, message]])
})

test.each([
  { bnads: 64 },
  { bands: 0 },
  { bands: 6.5 },
  { preEmphasis: 1 },
  { floor: 0 },
  { floor: 1e-31 },
  { floor: 1e31 },
  { hopMs: Infinity },
  { bands: 1e9 },
  { fftSize: 2 ** 31 },
  { deltaRadius: 101 },
  { preset: 'opensmile' },
  { padding: 'edge' },
  { spectrum: 'energy' },
  { melSides: 'bark' },
  { log: 'log10' },
  { slopes: 'difference' },
  { deltaRadius: 0 },
  { trimDb: 0 },
  { trimMarginFrames: -1 },
  { window: 'blackman' },
  { melScale: 'bark' },
  { melNorm: 'slaney' },
])('a setting that is unknown or out of range is refused: %j', (settings) => {
  expect(logMelConfig.safeParse(settings).success).toBe(false)
})

test('settings at the edge of their range are taken', () => {
  const edges = [
    { preEmphasis: 0 },
    { lowHz: 0 },
    { trimDb: null, trimMarginFrames: 0 },
    { windowMs: 32 },
    { bands: 128, fftSize: 2048 },
    { bands: 1 },
    { bands: 500, fftSize: 8192 },
    { fftSize: 2 ** 20 },
    { hopMs: 4096 },
    { deltaRadius: 100 },
    { floor: 1e30 },
    { sampleRateHz: 8000, highHz: 4000, fftSize: 256, bands: 32 },
  ]
  for (const settings of edges) expect(logMelConfig.safeParse(settings).error).toBeUndefined()
})

test.each(presetNames)(
  'preset %s sets what it names, and a setting beside it comes first',
  (preset) => {
    const paper = logMelConfig.parse({})
    const config = logMelConfig.parse({ preset })
    expect(config).toEqual({ ...paper, ...presets[preset], preset })
    expect(logMelConfig.parse({ preset, bands: 40 })).toEqual({ ...config, bands: 40 })
    expect(logMelConfig.parse({ trimDb: 30, preset })).toEqual({ ...config, trimDb: 30 })
  },
)

test('a value far out of its range has one message, and no filter bank is made of it', () => {
  for (const settings of [{ fftSize: 2 ** 31 }, { fftSize: 2 ** 31 - 1 }, { bands: 1e9 }]) {
    const { error } = logMelConfig.safeParse(settings)
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'Too big: expected number to be <=1048576',
    ])
  }
})

test('settings that differ in what the bands need are told apart, also one after the other', () => {
  const isGood = (bands: number, fftSize: number) =>
    logMelConfig.safeParse({ bands, fftSize }).success
  for (let round = 0; round < 3; round++) {
    expect([isGood(64, 512), isGood(200, 512), isGood(200, 1024)]).toEqual([true, false, true])
  }
})

test('settings with nothing left open stay as they are', () => {
  for (const preset of presetNames) {
    const config = logMelConfig.parse({ preset, bands: 40 })
    expect(logMelConfig.parse(config)).toEqual(config)
  }
})

test('the seed has windows of 551 samples every 220 at 22 050 Hz', () => {
  const config = logMelConfig.parse({ preset: 'seed' })
  expect([windowSamples(config), hopSamples(config)]).toEqual([551, 220])
})

test('what is no group of settings is refused, as is a preset that contradicts the rest', () => {
  for (const given of [null, 3, 'librosa', [1]]) {
    expect(logMelConfig.safeParse(given).success).toBe(false)
  }
  const { error } = logMelConfig.safeParse({ preset: 'seed', fftSize: 512 })
  expect(error?.issues[0]?.message).toBe(
    'fftSize 512 is shorter than the window of 551 samples (windowMs 25); take 1024',
  )
})

test('segments that would leave frames out are refused', () => {
  const { error } = segmentConfig.safeParse({ segmentFrames: 32, hopFrames: 33 })
  expect(error?.issues[0]?.message).toBe(
    'hopFrames 33 is above segmentFrames 32, which would leave frames out; lower it',
  )
  expect(segmentConfig.safeParse({ segmentFrames: 32, hopFrames: 32 }).success).toBe(true)
  expect(segmentConfig.safeParse({ segmentFrames: 65537 }).success).toBe(false)
})
