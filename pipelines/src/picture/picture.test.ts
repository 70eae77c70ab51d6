import { inflateSync } from 'node:zlib'
import type { Audio } from '@serflow/core'
import { frameTimes, logMelChannels, logMelConfig, segmentConfig } from '@serflow/features'
import { expect, test } from 'vitest'
import { marksOf } from './marks.js'
import { drawPicture } from './picture.js'
import { windowFeatures } from './window-features.js'

const config = logMelConfig.parse({ bands: 20 })
const segments = segmentConfig.parse({})

/** Half a second of silence, a tone, and half a second of silence. */
function beep(seconds: number, lead = 0.5): Audio {
  const samples = Float32Array.from({ length: 16000 * (seconds + 2 * lead) }, (_, n) => {
    const at = n / 16000 - lead
    return at >= 0 && at < seconds ? 0.3 * Math.sin(2 * Math.PI * 1000 * at) : 0
  })
  return { samples, sampleRateHz: 16000 }
}

function draw(audio: Audio, name = 'beep.wav', given = config, startSeconds = 0): string {
  const windows = [windowFeatures(audio, startSeconds, given, segments)]
  return drawPicture({ name, lines: ['a line', 'another'], windows, config: given, segments })
}

/** What one can read in a picture. */
function wordsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words!)
}

/** The matrices of a picture: [bands, columns] colour indices. */
function imagesOf(svg: string): { width: number; height: number; rows: Buffer[] }[] {
  return [...svg.matchAll(/data:image\/png;base64,([^"]+)/g)].map(([, base64]) => {
    const png = Buffer.from(base64!, 'base64')
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
    const start = png.indexOf('IDAT')
    const bytes = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)))
    const rows = Array.from({ length: height }, (_, row) =>
      bytes.subarray(row * (width + 1) + 1, (row + 1) * (width + 1)),
    )
    return { width, height, rows }
  })
}

test('what is kept of a window are the features of the clip, at their place', () => {
  const audio = beep(1)
  const window = windowFeatures(audio, 20, config, segments)
  const alone = logMelChannels(audio, config)
  const { start, end } = window.kept
  expect(end - start).toBe(alone.shape[0])
  expect(window.channels.data.slice(start * 60, end * 60)).toEqual(alone.data)
  // A frame is drawn around the middle of its window: 400 samples from where it begins, a hop of 160.
  const [time] = frameTimes(start + 1, config).slice(-1)
  expect(window.frameEdge(start)).toBeCloseTo(20 + time! + (200 - 80) / 16000, 9)
  expect(window.endSeconds).toBe(22)
  const last = window.segments.at(-1)!
  expect(last.first + last.valid).toBe(end)
  expect(last.valid).toBeLessThan(last.frames)
})

test('a tone is a bright line at its frequency, and silence is dark', () => {
  const [still, slope] = imagesOf(draw(beep(1)))
  expect(still!.height).toBe(20)
  const column = Math.floor(still!.width / 2)
  const bright = still!.rows.map((row) => row[column]!)
  // 1000 Hz is mel 1000 of 32…2840, in which 20 bands have their centres: band 6 of 0…19 from below, 13 from above.
  expect(bright.indexOf(Math.max(...bright))).toBe(13)
  expect(still!.rows[13]![2]).toBe(0)
  // No slope is the white middle of the map.
  expect(Math.abs(slope!.rows[13]![column]! - 127.5)).toBeLessThan(2)
})

test('the picture says what is cut off, what is padding and which units there are', () => {
  const words = wordsOf(draw(beep(1)))
  expect(words.slice(0, 3)).toEqual(['beep.wav', 'a line', 'another'])
  const panels = ['waveform', 'log-mel: 20 mel bands', 'segments of 64 frames, one every 32']
  const slopes = [
    'delta: slope of the log-mel over \u00b12 frames',
    'delta-delta: slope of the delta',
  ]
  const units = [
    'ln power',
    'ln power / frame',
    'ln power / frame\u00b2',
    'seconds',
    'Hz',
    '500',
    '8k',
  ]
  const legend = ['cut off: 45 dB below the loudest frame', 'repeats the last frame']
  expect(words).toEqual(expect.arrayContaining([...panels, ...slopes, ...units, ...legend]))
  expect(words).not.toContain('a window begins: a clip of its own')
  const other = wordsOf(draw(beep(1), 'x', logMelConfig.parse({ preset: 'librosa' })))
  expect(other.filter((each) => each.startsWith('cut off'))).toEqual([])
  expect(other).toContain('dB / frame\u00b2')
  expect(other).toContain('delta-delta: second slope of the log-mel over \u00b14 frames')
})

test('equal recordings are equal pictures', () => {
  expect(draw(beep(0.7)) === draw(beep(0.7))).toBe(true)
})

test.each([
  ['one sample', 1 / 16000],
  ['a tenth of a second', 0.1],
  ['a minute', 60],
])('%s gives numbers only, and matrices of a bounded size', (_length, seconds) => {
  const svg = draw(beep(seconds, 0))
  expect(/NaN|Infinity|undefined/.exec(svg)).toBe(null)
  for (const { width } of imagesOf(svg)) expect(width).toBeLessThanOrEqual(2 * 1000)
})

test('digital silence is one dark colour and no slope', () => {
  const silence = { samples: new Float32Array(16000), sampleRateHz: 16000 }
  const svg = draw(silence)
  expect(/NaN|Infinity/.exec(svg)).toBe(null)
  const colours = imagesOf(svg).map(({ rows }) => [...new Set(rows.flatMap((row) => [...row]))])
  expect(colours).toEqual([[0], [128], [128]])
})

test('windows are told apart, and each has its own segments', () => {
  const windows = [0, 2].map((start) => windowFeatures(beep(1), start, config, segments))
  const svg = drawPicture({ name: 'two', lines: [], windows, config, segments })
  expect(wordsOf(svg)).toContain('a window begins: a clip of its own')
  expect(imagesOf(svg)).toHaveLength(6)
  expect([...svg.matchAll(/class="window"/g)]).toHaveLength(2)
})

test('a long name is cut in its middle, and whole in the title; marks are escaped', () => {
  const name = `<&> ${'sehr-langer-Name-'.repeat(20)}Ende.wav`
  const svg = draw(beep(0.2), name)
  expect(/<title>(.*)<\/title>/.exec(svg)?.[1]).toBe(`&lt;&amp;&gt; ${name.slice(4)}`)
  const [, shown] = /class="name"[^>]*>([^<]*)</.exec(svg)!
  expect(shown!.length).toBeLessThan(100)
  expect(shown).toMatch(/^&lt;&amp;&gt; sehr.*\u2026.*Ende\.wav$/)
})

/** A picture whose segments are cut in another way. */
function cutAs(cut: object, seconds = 1, starts: readonly number[] = [0]): string {
  const given = segmentConfig.parse(cut)
  const windows = starts.map((start) => windowFeatures(beep(seconds), start, config, given))
  return drawPicture({ name: 'cut', lines: [], windows, config, segments: given })
}

test('frames that no segment holds are marked, and the heading says how many segments there may be', () => {
  const words = wordsOf(cutAs({ maxSegments: 1 }))
  expect(words).toContain('beyond the last segment')
  expect(words).toContain('segments of 64 frames, one every 32, at most 1')
})

test('bars have room for as many segments as overlap or as there are, within a bounded height', () => {
  const heightOf = (svg: string) => Number(/<svg [^>]*height="([\d.]+)"/.exec(svg)?.[1])
  const two = heightOf(cutAs({}))
  expect(heightOf(cutAs({ hopFrames: 4, maxSegments: 2 }))).toBe(two)
  expect(heightOf(cutAs({ hopFrames: 4 }))).toBeGreaterThan(two)
  const most = heightOf(cutAs({ hopFrames: 1, maxSegments: 500 }))
  expect(most - two).toBe(208 - 26)
  expect(heightOf(cutAs({ segmentFrames: 200, hopFrames: 1, maxSegments: 500 }, 4))).toBe(most)
})

test('all whole segments have a number, or none has', () => {
  const numbersOf = (svg: string) =>
    [...svg.matchAll(/class="middle small">(\d+)</g)].map(([, number]) => number)
  expect(numbersOf(cutAs({}))).toEqual(['1', '2', '3'])
  // 15 s are 46 segments; beside two more such windows one has no room for two digits.
  expect(numbersOf(cutAs({}, 14, [0]))).toHaveLength(44)
  expect(numbersOf(cutAs({}, 14, [0, 15, 30]))).toEqual([])
})

test('signs lie side by side, and below each other where there are too many', () => {
  // Four kinds: silence, frames left out, padding, and a window that begins.
  const given = segmentConfig.parse({ maxSegments: 4 })
  const windows = [beep(3), beep(0.5)].map((audio, at) =>
    windowFeatures(audio, 4 * at, config, given),
  )
  const svg = drawPicture({ name: 'four', lines: [], windows, config, segments: given })
  const signs = [
    'cut off: 45 dB below the loudest frame',
    'beyond the last segment',
    'repeats the last frame',
    'a window begins: a clip of its own',
  ].map((words) => {
    const [, x, y] = new RegExp(`<text x="([^"]+)" y="([^"]+)">${words}<`).exec(svg)!
    return { left: Number(x) - 20, right: Number(x) + 6.3 * words.length, y: Number(y) }
  })
  const unit = Number(/<text x="66" y="([^"]+)">seconds</.exec(svg)![1])
  for (const [at, sign] of signs.entries()) {
    if (sign.y === unit) expect(sign.left).toBeGreaterThan(66 + 7 * 'seconds'.length)
    for (const other of signs.slice(at + 1)) {
      if (sign.y === other.y) expect(sign.right).toBeLessThan(other.left)
    }
  }
  expect(new Set(signs.map(({ y }) => y)).size).toBe(2)
})

test('a line that is too wide goes on in the next, and all below moves down', () => {
  const windows = [windowFeatures(beep(1), 0, config, segments)]
  const line = Array.from({ length: 30 }, (_, at) => `setting${at}=value`).join(', ')
  const svg = drawPicture({ name: 'wide', lines: [line], windows, config, segments })
  const words = wordsOf(svg).slice(1, 6)
  expect(words.slice(0, 4).join(' ')).toBe(line)
  expect(words[4]).toBe('waveform')
  for (const each of words) expect(each.length).toBeLessThanOrEqual(138)
})

test('all that is cut off is marked, also where frames are drawn beyond the sound', () => {
  const far = logMelConfig.parse({ hopMs: 100, trimMarginFrames: 0 })
  const window = windowFeatures(beep(1, 1), 0, far, segments)
  const axisStart = window.frameEdge(0)
  expect(axisStart).toBeLessThan(0)
  const { silence } = marksOf([window])
  const frames = window.channels.shape[0]!
  expect(silence).toEqual([
    { startSeconds: axisStart, endSeconds: window.frameEdge(window.kept.start) },
    { startSeconds: window.frameEdge(window.kept.end), endSeconds: expect.any(Number) as number },
  ])
  expect(silence[1]!.endSeconds).toBe(Math.max(3, window.frameEdge(frames)))
})

test('one band and one frame are not called many', () => {
  const one = logMelConfig.parse({ bands: 1, deltaRadius: 1 })
  const words = wordsOf(draw(beep(1), 'one', one))
  expect(words).toContain('log-mel: 1 mel band')
  expect(words).toContain('delta: slope of the log-mel over \u00b11 frame')
})
