import { readFileSync } from 'node:fs'
import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frameSource } from './frame-source.js'
import { bytesSource } from './byte-source.js'
import { decodeWav } from './wav.js'
import { readWavHeader } from './wav-header.js'
import {
  bytesOf,
  chunk,
  fmt,
  join,
  list,
  pcm16,
  plainWav,
  riff,
  signal,
  uint32,
} from './wav.fixture.js'

const decode = (bytes: Uint8Array) => decodeWav(bytes, 'take.wav')
const data = pcm16(signal())
const dataChunk = chunk('data', data)
const plain = decode(plainWav(signal()))
const noted = (...notes: unknown[]) => ({ ...plain, notes })

/** A chunk of odd size without its pad byte. */
const unpadded = (id: string, size: number) =>
  chunk(id, new Uint8Array(size).fill(98)).subarray(0, 8 + size)

describe('against ffmpeg', () => {
  const { files } = JSON.parse(
    readFileSync(new URL('../../../tests/golden/ingest/odd-wavs.json', import.meta.url), 'utf8'),
  ) as { files: { name: string; file: string; mono: number[] }[] }

  test.each(files)('$name', ({ file, mono }) => {
    expect([...decode(Buffer.from(file, 'base64')).audio.samples]).toEqual(mono.map(Math.fround))
  })
})

describe('odd chunks', () => {
  const ids = fc.constantFrom('LIST', 'bext', 'fact', 'JUNK', 'abcd', 'iXML')
  const sizes = fc.nat(300)

  test('a chunk of odd size may lack its pad byte, wherever it stands', () => {
    fc.assert(
      fc.property(ids, sizes, fc.boolean(), fc.boolean(), (id, half, isPadded, isFirst) => {
        const odd = isPadded
          ? chunk(id, new Uint8Array(2 * half + 1).fill(98))
          : unpadded(id, 2 * half + 1)
        const chunks = isFirst ? [odd, fmt(), dataChunk] : [fmt(), odd, dataChunk]
        expect(decode(riff(chunks))).toEqual(plain)
        expect(decode(riff([...chunks, odd]))).toEqual(plain)
      }),
    )
  })

  test('several in a row, and sound of odd size before another chunk', () => {
    const odd = [unpadded('bext', 603), unpadded('JUNK', 29), unpadded('fact', 5)]
    expect(decode(riff([...odd, fmt(), ...odd, dataChunk]))).toEqual(plain)
    const bytes = join(data, Uint8Array.of(7))
    for (const sound of [
      chunk('data', bytes),
      chunk('data', bytes).subarray(0, 8 + bytes.length),
    ]) {
      expect(decode(riff([fmt(), sound, list()]))).toEqual(
        noted('1 bytes after the last whole frame are ignored'),
      )
    }
  })
})

describe('64-bit sizes', () => {
  const sizes64 = (bytes: number, table: readonly (readonly [string, number])[]) =>
    chunk(
      'ds64',
      join(
        uint32(2000, 0, bytes, 0, 800, 0, table.length),
        ...table.map(([id, size]) => join(bytesOf(id), uint32(size, 0))),
      ),
    )
  const long = (id: string, body: Uint8Array) => chunk(id, body, 0xffffffff)
  const file = (...chunks: Uint8Array[]) => riff(chunks, { magic: 'RF64', size: 0xffffffff })

  test('the table of ds64 has those of other chunks, in their order', () => {
    const table = [
      ['axml', 300],
      ['JUNK', 40],
      ['JUNK', 81],
    ] as const
    const bytes = file(
      sizes64(data.length, table),
      long('JUNK', new Uint8Array(40).fill(106)),
      fmt(),
      long('JUNK', new Uint8Array(81).fill(107)),
      long('axml', new Uint8Array(300).fill(108)),
      long('data', data),
      list(),
    )
    expect(decode(bytes)).toEqual(plain)
  })

  test('a table that says more than it holds is read as far as it goes', () => {
    const sizes = sizes64(data.length, [['JUNK', 40]])
    sizes.set(uint32(0xffffffff), 8 + 24)
    const junk = long('JUNK', new Uint8Array(40).fill(106))
    expect(decode(file(sizes, junk, fmt(), long('data', data)))).toEqual(plain)
  })

  test.each([0, 8, 1600, 800])('it counts where the data chunk says %i', (size) => {
    const sound = chunk('data', data, size)
    for (const magic of ['RF64', 'BW64']) {
      const bytes = riff([sizes64(data.length, []), fmt(), sound, list()], { magic })
      expect(decode(bytes)).toEqual(plain)
    }
  })

  test('a file that is RIFF by its name, and a ds64 that says 0: the data chunk counts', () => {
    expect(decode(riff([sizes64(800, []), fmt(), dataChunk, list()]))).toEqual(plain)
    expect(decode(file(sizes64(0, []), fmt(), dataChunk, list()))).toEqual(plain)
  })

  test('a size of sound left 0 there, or all ones, is not known', () => {
    const bytes = file(sizes64(0, []), fmt(), long('data', data), list())
    expect(decode(bytes)).toEqual(noted(expect.stringMatching(/^unfinished: .* 0 bytes of data/)))
    const unknown = sizes64(0, [])
    unknown.fill(255, 8 + 8, 8 + 16)
    expect(decode(file(unknown, fmt(), long('data', data), list()))).toEqual(plain)
  })
})

describe('sizes that are not known', () => {
  test.each([
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0],
    [0xfffffff0, 0xffffffff],
    [0xffffffdb, 0xffffffff],
    [0xfffffff0, 0x14],
    [0xf0000000, 0xffffffff],
    [0x7ffff000, 0x7ffff024],
    [0x7fffffff, 0x7fffffff],
    [0x80000000, 0x80000024],
    [0, 0],
  ])('data %i and RIFF %i: to the end of the file, or to the chunks there', (size, riffSize) => {
    const sound = chunk('data', data, size)
    expect(decode(riff([fmt(), sound], { size: riffSize }))).toEqual(plain)
    const tail = [list(), chunk('id3 ', new Uint8Array(33))]
    expect(decode(riff([fmt(), sound, ...tail], { size: riffSize }))).toEqual(plain)
    // A name of a chunk within the sound is no chunk.
    const named = join(data, bytesOf('LIST'), data)
    const { audio } = decode(riff([fmt(), chunk('data', named, size), ...tail], { size: riffSize }))
    expect(audio.samples.length).toBe(1602)
  })

  test.each([36, 36 + 1600, 0xffffffff])(
    'a data size of 0 with sound behind, and a RIFF size of %i: it is read, with a note',
    (size) => {
      const note = 'unfinished: its header says 0 bytes of data, so what lies behind it is read'
      const sound = chunk('data', data, 0)
      expect(decode(riff([fmt(), sound], { size }))).toEqual(noted(note))
      expect(decode(riff([fmt(), sound, list()], { size }))).toEqual(noted(note))
    },
  )

  test('an empty data chunk before the true one', () => {
    const note = 'unfinished: its first data chunk is empty, so the next one is read'
    const empty = chunk('data', new Uint8Array())
    expect(decode(riff([fmt(), empty, dataChunk]))).toEqual(noted(note))
    expect(decode(riff([fmt(), empty, list(), empty, dataChunk, list()]))).toEqual(noted(note))
  })

  test.each([0, 1])(
    'a file beyond 4 GiB whose 32-bit sizes began again at 0, %i chunks behind',
    (chunks) => {
      const size = 2 ** 32 + 1600
      const tail = chunks === 0 ? new Uint8Array() : list()
      const head = riff([fmt(), chunk('data', new Uint8Array(), 1600)], {
        size: 36 + 1600 + tail.length,
      })
      const body = new Map([...head].map((byte, i) => [i, byte]))
      tail.forEach((byte, i) => body.set(head.length + size + i, byte))
      const source = {
        size: head.length + size + tail.length,
        read: (start: number, end: number) =>
          Uint8Array.from(
            { length: Math.max(0, Math.min(end, source.size) - start) },
            (_, i) => body.get(start + i) ?? 0,
          ),
      }
      const header = readWavHeader(source, 'take.wav')
      expect(header).toMatchObject({ start: 44, frames: size / 2, notes: [] })
    },
  )

  test('nothing behind a header is an error at once', () => {
    const empty = chunk('data', new Uint8Array())
    for (const bytes of [
      riff([fmt(), empty]),
      riff([fmt(), empty, list()]),
      riff([fmt(), empty, empty]),
      riff([fmt(), chunk('data', new Uint8Array(), 0xffffffff)]),
      riff([fmt(), chunk('data', new Uint8Array(), 0xffffffff), list()]),
      riff([fmt(), empty], { size: 0 }),
    ]) {
      expect(() => decode(bytes)).toThrow(/has a WAV header but no samples \(0 bytes of data\)/)
    }
  })

  test('a cut file without its end keeps the frames that it lacks in a note, and a chunk behind is no sound', () => {
    expect(decode(riff([fmt(), chunk('data', data, 3200), list()]))).toEqual(
      noted('truncated: the header says 1600 frames, the file holds 800'),
    )
  })
})

describe('what lies behind the sound', () => {
  const tailNote = (...tail: Uint8Array[]) => decode(join(plainWav(signal()), ...tail)).notes

  test('a second data chunk is told with its frames', () => {
    const second = chunk('data', pcm16([1, 2, 3]))
    expect(decode(riff([fmt(), dataChunk, second, list(), second]))).toEqual(
      noted('unread: of its data chunks the first is read, 6 frames lie in 2 more'),
    )
  })

  test('bytes that are no chunk are told with their number', () => {
    const block = pcm16(signal(160).map((value) => value - 1000))
    const sizes = riff([fmt(), chunk('data', block)])
    expect(decode(join(sizes, block, block)).notes).toEqual([
      'unread: 640 bytes lie behind its end, 320 frames if they are sound',
    ])
    expect(tailNote(list(), new Uint8Array(501).fill(200))).toEqual([
      'unread: 501 bytes lie behind its end, 250 frames if they are sound',
    ])
  })

  test('another file behind is told', () => {
    const second = plainWav([1, 2, 3])
    expect(tailNote(second)).toEqual(['unread: another WAV file of 50 bytes lies behind its end'])
  })

  test('zeros, tags and a few bytes are not worth a note', () => {
    expect(tailNote(new Uint8Array(70_000))).toEqual([])
    expect(tailNote(Uint8Array.of(1, 2, 3, 4, 5, 6, 7))).toEqual([])
    expect(tailNote(bytesOf('TAG'), new Uint8Array(125).fill(65))).toEqual([])
    expect(tailNote(bytesOf('ID3\x03\0\0\0\0\0\x20'), new Uint8Array(32).fill(65))).toEqual([])
  })
})

describe('chunks that lead astray', () => {
  const note = 'damaged: a chunk before its sound has a wrong size, so its sound was looked for'
  const stray = Uint8Array.of(0, 0, 0)

  test.each([
    ['one whose size goes past the end', [fmt(), chunk('LIST', bytesOf('INFO'), 99999), dataChunk]],
    ['one whose size goes into the sound', [fmt(), chunk('abcd', bytesOf('INFO'), 57), dataChunk]],
    ['bytes between', [fmt(), stray, dataChunk]],
    ['bytes before', [stray, fmt(), stray, dataChunk, list()]],
    ['data within a list', [fmt(), chunk('LIST', join(bytesOf('wavl'), dataChunk))]],
  ])('%s: the sound is looked for, with a note', (_, chunks) => {
    expect(decode(riff(chunks))).toEqual(noted(note))
  })

  test('the word data in a text is no chunk', () => {
    const text = chunk('LIST', bytesOf('INFOICMT\x20\0\0\0my data of the year, and more data\0'))
    expect(() => decode(riff([fmt(), text]))).toThrow(/without a "data" chunk/)
  })

  test('a chunk without a size before the sound', () => {
    const endless = chunk('abcd', new Uint8Array(9).fill(98), 0xffffffff)
    expect(decode(riff([fmt(), endless, dataChunk]))).toEqual(noted(note))
    const format = fmt()
    format.fill(255, 4, 8)
    expect(decode(riff([format, dataChunk]))).toEqual(noted(note))
  })

  test('names that are no text are stepped over where their size is right', () => {
    const foreign = chunk('\x01\x02\x03\x04', new Uint8Array(10).fill(9))
    expect(decode(riff([fmt(), foreign, dataChunk, foreign]))).toEqual(plain)
  })
})

test('any damage to the header gives sound within the file, in parts as in the whole, or an InputError', async () => {
  const seeds = [
    riff([fmt(), unpadded('LIST', 19), chunk('data', data, 0), list()]),
    riff([fmt(), dataChunk, dataChunk, list()]),
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }),
      fc.nat(1800),
      async (seed, edits, length) => {
        const bytes = seed.slice(0, Math.max(60, length))
        for (const [at, byte] of edits) bytes[at] = byte
        try {
          const { audio } = decode(bytes)
          expect(audio.samples.length).toBeGreaterThan(0)
          expect(audio.samples.length).toBeLessThanOrEqual(bytes.length)
          const source = await frameSource(bytesSource(bytes), 'take.wav')
          expect(await source.read(0, Infinity)).toEqual(audio.samples)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
