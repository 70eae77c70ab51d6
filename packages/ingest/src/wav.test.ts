import { readFileSync } from 'node:fs'
import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeWav, encodeWav } from './wav.js'
import {
  bytesOf,
  chunk,
  extensible,
  float32,
  fmt,
  head16,
  join,
  list,
  pcm16,
  pcm24,
  plainWav,
  riff,
  signal,
  tone,
  uint32,
} from './wav.fixture.js'

const decode = (bytes: Uint8Array) => decodeWav(bytes, 'take.wav')
const head = (bytes: Uint8Array) => [...decode(bytes).audio.samples.subarray(0, 8)]
const scaled = (values: readonly number[], bits = 16) =>
  values.map((value) => value / 2 ** (bits - 1))
const frames = (bytes: Uint8Array) => decode(bytes).audio.samples.length
const errorOf = (bytes: Uint8Array): string => {
  try {
    decode(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    const message = (error as Error).message
    expect(message).toContain('"take.wav"')
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('no error was thrown')
}

describe('formats', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../../../tests/golden/ingest/wav.json', import.meta.url), 'utf8'),
  ) as { files: { name: string; rate: number; channels: number; file: string; mono: number[] }[] }

  test.each(golden.files)('$name has the values that libsndfile reads', (row) => {
    const { audio, channels, notes } = decode(Buffer.from(row.file, 'base64'))
    expect(audio.sampleRateHz).toBe(row.rate)
    expect(channels).toBe(row.channels)
    expect(notes).toEqual([])
    // The mean in float64, then one rounding to float32.
    expect([...audio.samples]).toEqual(row.mono.map(Math.fround))
  })

  test('an extensible header around 16-bit PCM gives the samples of plain PCM', () => {
    const bytes = riff([extensible(1), chunk('data', pcm16(signal()))])
    expect(decode(bytes)).toEqual(decode(plainWav(signal())))
  })

  test('24-bit data of odd length with its pad byte and a LIST behind gives 801 frames', () => {
    const values = [0, 0x400000, -0x400000, 0x7fffff, -0x800000, 1, -1, 0x100]
    values.push(...tone(793).map((value) => value * 256))
    const bytes = riff([fmt({ bits: 24 }), chunk('data', pcm24(values)), list()])
    expect([...decode(bytes).audio.samples]).toEqual(scaled(values, 24))
  })

  test('32-bit float stands as it is, behind a format chunk of 18 bytes and a fact chunk', () => {
    const values = [0, 0.5, -0.5, 0.25, -1, 1, 2 ** -20, -(2 ** -20)]
    const format = fmt({ tag: 3, bits: 32, extra: new Uint8Array() })
    const bytes = riff([format, chunk('fact', uint32(8)), chunk('data', float32(values))])
    expect(head(bytes)).toEqual(values)
  })

  test('8-bit PCM is unsigned, and byte 128 is exactly 0', () => {
    const values = [128, 192, 64, 255, 0, 129, 127, 128]
    const bytes = riff([fmt({ bits: 8 }), chunk('data', Uint8Array.from(values))])
    expect(head(bytes)).toEqual(values.map((value) => (value - 128) / 128))
  })

  test('mu-law at 8 kHz has the exact values of G.711', () => {
    const data = Uint8Array.from([0xff, 0x7f, 0x80, 0x00, 0xbf, 0x3f, 0xe7, 0x67])
    const format = fmt({ tag: 7, bits: 8, rate: 8000, extra: new Uint8Array() })
    const bytes = riff([format, chunk('fact', uint32(8)), chunk('data', data)])
    expect(head(bytes)).toEqual(
      [0, 0, 32124, -32124, 1980, -1980, 260, -260].map((value) => value / 32768),
    )
  })

  test.each([
    [1, 16, pcm16(signal())],
    [3, 32, float32(signal().map((value) => value / 32768))],
  ])('ambisonic B format has a sub-format of its own, codec %i', (tag, bits, data) => {
    const format = extensible(tag, { bits })
    format.set([0, 0, 0x21, 7, 0xd3, 0x11, 0x86, 0x44, 0xc8, 0xc1, 0xca, 0, 0, 0], 8 + 26)
    expect(decode(riff([format, chunk('data', data)]))).toEqual(decode(plainWav(signal())))
  })

  test.each([6, 7])('codec %i has 8 bits a sample, whatever the header says', (tag) => {
    const all = chunk(
      'data',
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
    )
    const plain = decode(riff([fmt({ tag, bits: 8 }), all]))
    for (const bits of [0, 13, 14, 16]) {
      for (const width of [0, 1]) {
        expect(decode(riff([fmt({ tag, bits, width }), all]))).toEqual(plain)
      }
    }
    // A chunk of 20 bytes, and the oldest one of 14.
    const longer = fmt({ tag, bits: 8, extra: new Uint8Array(2) })
    expect(decode(riff([longer, all]))).toEqual(plain)
    expect(decode(riff([chunk('fmt ', fmt({ tag, bits: 8 }).subarray(8, 22)), all]))).toEqual(plain)
  })

  test('without a number of bits all bits of a frame count', () => {
    const data = chunk('data', pcm16(signal()))
    const plain = decode(plainWav(signal()))
    expect(decode(riff([fmt({ bits: 0, width: 2 }), data]))).toEqual(plain)
    expect(decode(riff([chunk('fmt ', fmt().subarray(8, 22)), data]))).toEqual(plain)
    expect(errorOf(riff([fmt({ bits: 0 }), data]))).toMatch(/of 0 bits/)
  })

  test.each([1, 4, 8, 32770])(
    'a frame of %i bytes is two where the bytes a second say so, with a note',
    (width) => {
      const format = fmt()
      format.set([width & 255, width >> 8], 8 + 12)
      const { audio, notes } = decode(riff([format, chunk('data', pcm16(signal()))]))
      expect(audio).toEqual(decode(plainWav(signal())).audio)
      expect(notes).toEqual([
        `damaged: its header says ${width} bytes a frame, and is read as 2 for 1 channels of 16-bit PCM, ` +
          'as its bytes a second say',
      ])
    },
  )

  describe('24 bits in 32, which writers of plain PCM mean in three ways', () => {
    const values = [0, 0x400000, -0x400000, 0x7fffff, -0x800000, 1, -1, 0x123456]
    const words = (word: (value: number) => number) =>
      new Uint8Array(Int32Array.from(values, word).buffer)
    const format = fmt({ bits: 24, width: 4 })

    test('in the upper bits, as the standard has it', () => {
      const bytes = riff([
        format,
        chunk(
          'data',
          words((value) => value * 256),
        ),
      ])
      expect(head(bytes)).toEqual(scaled(values, 24))
    })

    test('in the lower bits, as arecord does, with or without a sign above', () => {
      for (const word of [(value: number) => value, (value: number) => value & 0xffffff]) {
        expect(head(riff([format, chunk('data', words(word))]))).toEqual(scaled(values, 24))
      }
    })

    test('as floats up to 2^23, as Cool Edit does', () => {
      const bytes = riff([format, chunk('data', float32(values))])
      expect(head(bytes)).toEqual(scaled(values, 24))
    })

    test('silence before the sound does not tell', () => {
      const silence = new Uint8Array(4 * 70_000)
      const data = join(
        silence,
        words((value) => value & 0xffffff),
      )
      expect([...decode(riff([format, chunk('data', data)])).audio.samples.slice(70_000)]).toEqual(
        scaled(values, 24),
      )
      expect(decode(riff([format, chunk('data', silence)])).notes).toEqual([
        'silent: every sample is 0',
      ])
    })
  })

  test.each([1, 100, 999, 1_000_000])('a rate of %i Hz is read', (rate) => {
    expect(decode(plainWav(signal(), rate)).audio.sampleRateHz).toBe(rate)
  })

  test('mono is the mean of the channels', () => {
    const left = signal()
    const right = [...new Array<number>(400).fill(0), ...tone(400, 900)]
    const both = left.flatMap((value, i) => [value, right[i]!])
    const { audio, channels } = decode(
      riff([fmt({ channels: 2, rate: 48000 }), chunk('data', pcm16(both))]),
    )
    expect(channels).toBe(2)
    expect(audio.sampleRateHz).toBe(48000)
    expect([...audio.samples]).toEqual(left.map((value, i) => (value + right[i]!) / 2 / 32768))
  })
})

describe('chunks', () => {
  test('a LIST of 19 bytes and its pad byte may stand before the data', () => {
    const odd = chunk('LIST', join(bytesOf('INFOINAM'), uint32(7), bytesOf('take 1\0')))
    expect(odd.length).toBe(8 + 19 + 1)
    expect(head(riff([fmt(), odd, chunk('data', pcm16(signal()))]))).toEqual(scaled(head16))
  })

  test('unknown chunks are stepped over wherever they stand', () => {
    const data = chunk('data', pcm16(signal()))
    const bytes = riff([
      chunk('JUNK', new Uint8Array(28)),
      chunk('bext', new Uint8Array(602)),
      fmt(),
      chunk('FLLR', new Uint8Array(4044)),
      data,
      list(),
      chunk('_PMX', new Uint8Array(33)),
    ])
    expect(decode(bytes)).toEqual(decode(plainWav(signal())))
  })

  test.each([0xffffffff, 0x7ffff000, 0x80000000])(
    'a data size of %i, written through a pipe, means to the end of the file',
    (size) => {
      const bytes = riff([fmt(), list(), chunk('data', pcm16(signal()), size)], { size })
      expect(decode(bytes)).toEqual(decode(plainWav(signal())))
    },
  )

  test('sizes that were left 0 mean to the end of the file', () => {
    const bytes = riff([fmt(), chunk('data', pcm16(signal()), 0)], { size: 0 })
    expect(frames(bytes)).toBe(800)
  })

  test('a truncated file gives its whole frames and a note', () => {
    const whole = riff([fmt(), chunk('data', pcm16(signal(1600)))])
    const { audio, notes } = decode(whole.subarray(0, 44 + 2 * 799 + 1))
    expect(audio.samples.length).toBe(799)
    expect(notes).toEqual(['truncated: the header says 1600 frames, the file holds 799'])
  })

  test('bytes behind the last whole frame are ignored with a note', () => {
    const bytes = riff([fmt({ channels: 2 }), chunk('data', pcm16([1, 2, 3]))])
    expect(decode(bytes)).toMatchObject({
      notes: ['2 bytes after the last whole frame are ignored'],
    })
    expect(frames(bytes)).toBe(1)
  })

  test.each(['RF64', 'BW64'])('%s has its sizes in ds64; a LIST behind is no sound', (magic) => {
    const data = pcm16(signal())
    const sizes = chunk('ds64', uint32(2000, 0, data.length, 0, 800, 0, 0))
    const chunks = [sizes, fmt(), chunk('data', data, 0xffffffff), list()]
    expect(decode(riff(chunks, { magic, size: 0xffffffff }))).toEqual(decode(plainWav(signal())))
  })

  test('a header that lies about its size allocates nothing beyond the file', () => {
    const bytes = riff([fmt(), chunk('data', pcm16(signal()), 0x7fff0000)])
    expect(decode(bytes).notes).toHaveLength(1)
    const sizes = chunk('ds64', uint32(0, 0, 0, 0xffff, 0, 0, 0))
    const huge = riff([sizes, fmt(), chunk('data', pcm16(signal()), 0xffffffff)], { magic: 'RF64' })
    expect(frames(huge)).toBe(800)
  })
})

describe('errors', () => {
  test('a file of no bytes, and a header without samples', () => {
    expect(errorOf(new Uint8Array())).toMatch(/is empty/)
    expect(errorOf(plainWav([]))).toMatch(/no samples/)
    expect(errorOf(plainWav([1]).subarray(0, 45))).toMatch(/no samples/)
  })

  test('files that are something else are called by their name', () => {
    expect(errorOf(bytesOf('ID3\x03\0\0\0\0\0\x0a'))).toMatch(/is MP3 .* ffmpeg -i "take.wav"/)
    expect(errorOf(bytesOf('this is not sound\n'))).toMatch(/is text, not sound/)
  })

  test('a missing chunk', () => {
    expect(errorOf(riff([fmt(), list()]))).toMatch(/without a "data" chunk/)
    expect(errorOf(riff([chunk('data', pcm16([1, 2]))]))).toMatch(/without a "fmt" chunk/)
    expect(errorOf(bytesOf('RIFF\0\0\0\0WAVE'))).toMatch(/without a "fmt" chunk/)
    const short = chunk('fmt ', new Uint8Array(12))
    expect(errorOf(riff([short, chunk('data', pcm16([1, 2]))]))).toMatch(
      /12 bytes, expected at least 14/,
    )
  })

  test('a codec that is not read, with its name', () => {
    const data = chunk('data', new Uint8Array(256))
    expect(errorOf(riff([fmt({ tag: 0x11, bits: 4 }), data]))).toMatch(
      /IMA ADPCM .*0x0011.* of 4 bits/,
    )
    expect(errorOf(riff([fmt({ tag: 0x1234 }), data]))).toMatch(/codec tag 0x1234/)
    expect(errorOf(riff([fmt({ bits: 40 }), data]))).toMatch(/PCM .* of 40 bits/)
    expect(errorOf(riff([extensible(0x55), data]))).toMatch(/MP3/)
    // A sub-format with another tail is no codec tag.
    const foreign = extensible(1)
    foreign[foreign.length - 1] = 0
    for (const format of [foreign, fmt({ tag: 0xfffe })]) {
      expect(errorOf(riff([format, data]))).toMatch(/WAV with an unknown sub-format of 16 bits/)
    }
  })

  test('a damaged format', () => {
    const data = chunk('data', new Uint8Array(256))
    expect(errorOf(riff([fmt({ channels: 0 }), data]))).toMatch(/0 channels at 16000 Hz/)
    expect(errorOf(riff([fmt({ rate: 0 }), data]))).toMatch(/at 0 Hz, expected .* 1 to 1000000/)
    expect(errorOf(riff([fmt({ rate: 4294967295 }), data]))).toMatch(/4294967295 Hz/)
    // Others read such a file as if the frame were of two bytes.
    expect(errorOf(riff([fmt({ width: 4 }), data]))).toMatch(/4 bytes a frame, expected 2/)
    expect(errorOf(riff([fmt({ bits: 24, width: 2 }), data]))).toMatch(
      /2 bytes a frame, expected 3/,
    )
    expect(errorOf(riff([fmt({ rate: 1 }), chunk('data', new Uint8Array(99999))]))).toMatch(
      /says 1 Hz, at which its 49999 frames are 14 hours, expected at most 6/,
    )
  })

  test.each([NaN, Infinity, -Infinity])('a sample that is %f is named', (bad) => {
    const values = tone(800).map((value) => value / 32768)
    values[100] = bad
    const bytes = riff([fmt({ tag: 3, bits: 32 }), chunk('data', float32(values))])
    expect(errorOf(bytes)).toContain(`${bad} at sample 100,`)
  })

  test('a 64-bit float beyond the range of 32 bits is not finite either', () => {
    const data = new Uint8Array(Float64Array.from([0, 1e300]).buffer)
    expect(errorOf(riff([fmt({ tag: 3, bits: 64 }), chunk('data', data)]))).toMatch(/at sample 1,/)
  })

  test('floats above full scale stand as they are, with a note', () => {
    const bytes = riff([fmt({ tag: 3, bits: 32 }), chunk('data', float32([0.5, -2.5]))])
    expect(head(bytes)).toEqual([0.5, -2.5])
    expect(decode(bytes).notes).toEqual(['its loudest sample is 2.50, above full scale (1)'])
  })
})

describe('encodeWav', () => {
  test('what it writes comes back, to half a step', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, noNaN: true, min: -1, max: Math.fround(0.9999) }),
        (samples) => {
          const { audio } = decode(encodeWav({ samples, sampleRateHz: 22050 }))
          expect(audio.sampleRateHz).toBe(22050)
          samples.forEach((value, i) =>
            expect(Math.abs(audio.samples[i]! - value)).toBeLessThanOrEqual(2 ** -16),
          )
        },
      ),
    )
  })

  test('beyond full scale it is limited, and a sample that is not finite is a defect', () => {
    const samples = Float32Array.from([2, -2])
    expect(head(encodeWav({ samples, sampleRateHz: 16000 }))).toEqual([32767 / 32768, -1])
    const bad = { samples: Float32Array.from([0, NaN]), sampleRateHz: 16000 }
    expect(() => encodeWav(bad)).toThrow(new RangeError('sample 1 is NaN'))
  })
})

test('no bytes whatever crash the reader or give an empty sound', () => {
  const damaged = fc
    .tuple(fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }), fc.nat(250))
    .map(([edits, length]) => {
      const bytes = riff([extensible(1, { channels: 2 }), list(), chunk('data', pcm16(signal(60)))])
      for (const [at, byte] of edits) bytes[at] = byte
      return bytes.subarray(0, length)
    })
  fc.assert(
    fc.property(damaged, (bytes) => {
      try {
        expect(frames(bytes)).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    }),
    { numRuns: 2000 },
  )
})
