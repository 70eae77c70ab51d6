import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { InputError } from '@serflow/core'
import { describe, expect, test } from 'vitest'
import { bytesSource } from './byte-source.js'
import { frameSource } from './frame-source.js'
import { mp3Header } from './decoders/mp3-header.js'
import { openRecording } from './recording.js'
import { readAudio, readAudioFile } from './sound.js'
import { bytesOf, join } from './wav.fixture.js'

const golden = new URL('../../../tests/golden/ingest/', import.meta.url)
const { files } = JSON.parse(readFileSync(new URL('sounds.json', golden), 'utf8')) as {
  files: {
    file: string
    sampleRateHz: number
    channels: number
    samples: number
    sourceSamples: number
    every: number
    values: number[]
  }[]
}
const bytesOfSound = (name: string) =>
  new Uint8Array(readFileSync(new URL(`sounds/${name}`, golden)))

describe('against ffmpeg', () => {
  test.each(files)(
    '$file',
    async ({ file, sampleRateHz, channels, samples, every, values, sourceSamples }) => {
      const sound = await readAudio(bytesOfSound(file), file)
      expect(sound.audio.sampleRateHz).toBe(sampleRateHz)
      expect(sound.channels).toBe(channels)
      expect(sound.notes).toEqual([])
      // ffmpeg leaves what lies behind the end of Vorbis; here it is cut off as in the other formats.
      const expected = file.endsWith('.ogg') ? sourceSamples : samples
      expect(sound.audio.samples.length).toBe(expected)
      // ffmpeg has libopus give 16 bits a channel, and its layer II is less exact than the rest.
      const tolerance = /flac|oga/.test(file) ? 0 : /opus|mp2/.test(file) ? 5e-5 : 3e-6
      values.forEach((value, i) => {
        const at = i * every
        if (at < expected)
          expect(Math.abs(sound.audio.samples[at]! - value)).toBeLessThanOrEqual(tolerance)
      })
    },
  )
})

test.each(files)('$file in parts is bit by bit the whole', async ({ file }) => {
  const path = fileURLToPath(new URL(`sounds/${file}`, golden))
  const whole = (await readAudioFile(path)).samples
  const recording = await openRecording(path)
  expect(recording.samples).toBeUndefined()
  for (const [first, last] of [
    [0, 700],
    [700, 701],
    [1500, 4000],
    [4000, 9000],
    [300, 1000],
    [9000, 9001],
  ] as const) {
    const { samples } = await recording.read(first, last)
    expect(Buffer.from(samples.buffer)).toEqual(Buffer.from(whole.slice(first, last).buffer))
    // What is not read yet is not missing.
    expect(recording.notes).toEqual([])
  }
  expect(recording.samples).toBe(whole.length)
  expect(recording.notes).toEqual([])
  recording.close()
})

test.each(['stereo.flac', 'stereo.oga', 'stereo.mp3', 'stereo.ogg', 'stereo.opus'])(
  '%s cut short gives what is there, and a note',
  async (file) => {
    const bytes = bytesOfSound(file)
    const whole = await readAudio(bytes, file)
    const cut = await readAudio(bytes.subarray(0, Math.floor(bytes.length * 0.7)), file)
    expect(cut.audio.samples.length).toBeGreaterThan(0)
    expect(cut.audio.samples.length).toBeLessThan(whole.audio.samples.length)
    expect(cut.notes).toEqual([expect.stringMatching(/^(truncated|damaged or cut short): /)])
    const compared = cut.audio.samples.length - 2000
    expect(cut.audio.samples.slice(0, compared)).toEqual(whole.audio.samples.slice(0, compared))
  },
)

test.each(['stereo.flac', 'stereo.oga', 'stereo.ogg', 'stereo.opus'])(
  '%s with damaged bytes inside gives the rest, and a note',
  async (file) => {
    const bytes = bytesOfSound(file)
    const inside = Math.floor(bytes.length * 0.8)
    for (let i = inside; i < inside + 40; i++) bytes[i] = bytes[i]! ^ 0x5a
    const { audio, notes } = await readAudio(bytes, file)
    expect(audio.samples.length).toBeGreaterThan(1000)
    expect(notes).toEqual([expect.stringMatching(/^damaged/)])
  },
)

const formats = [
  ['fLaC\0\0\0"', 'FLAC (.flac)'],
  ['\xff\xfb\x90\x64', 'MP3 (.mp3)'],
  ['ID3\x04\0\0\0\0\0\x05.....', 'MP3 (.mp3)'],
  ['OggS\0\x02............\x01vorbis', 'Ogg Vorbis (.ogg)'],
  ['OggS\0\x02............OpusHead', 'Ogg Opus (.opus)'],
  ['OggS\0\x02............\x7fFLAC', 'Ogg FLAC (.oga)'],
] as const

test.each(formats)('%j and garbage is an error that names the file and %s', async (head, name) => {
  const garbage = Uint8Array.from({ length: 3000 }, (_, i) => (i * i * 7 + (i >> 3) * 31) & 255)
  for (const bytes of [bytesOf(head), join(bytesOf(head), garbage)]) {
    const result = readAudio(bytes, 'in/a.x')
    await expect(result).rejects.toThrow(InputError)
    await expect(result).rejects.toThrow(
      `"in/a.x" is ${name}, but no sound can be decoded from it; export it again, or convert it: ` +
        'ffmpeg -i "in/a.x" -c:a pcm_s16le "in/a.wav"',
    )
  }
  // Nothing of it is left behind for the next file.
  for (const { file, samples } of files.filter((each) => each.file.startsWith('mono'))) {
    if (file === 'mono.ogg') continue
    expect((await readAudio(bytesOfSound(file), file)).audio.samples.length).toBe(samples)
  }
})

test('nothing is printed about what cannot be decoded', async () => {
  const printed: unknown[] = []
  const { error, warn } = console
  console.error = console.warn = (...values: unknown[]) => printed.push(values)
  try {
    for (const { file } of files) {
      const bytes = bytesOfSound(file)
      for (let i = 900; i < bytes.length; i += 211) bytes[i] = (i * 77) & 255
      await readAudio(bytes, file).catch((reason) => expect(reason).toBeInstanceOf(InputError))
    }
  } finally {
    console.error = error
    console.warn = warn
  }
  expect(printed).toEqual([])
})

test('ID3 tags before the sound are stepped over', async () => {
  const tag = join(bytesOf('ID3\x03\0\0\0\0\x02\x10'), new Uint8Array(0x110))
  for (const file of ['stereo.mp3', 'stereo.flac']) {
    const plain = await readAudio(bytesOfSound(file), file)
    expect(await readAudio(join(tag, bytesOfSound(file)), file)).toEqual(plain)
  }
})

test.each([
  ['stereo.opus', 'mono.opus'],
  ['stereo.ogg', 'stereo.ogg'],
  ['stereo.oga', 'stereo.oga'],
])('%s with %s behind it is one sound', async (first, second) => {
  const [left, right] = [bytesOfSound(first), bytesOfSound(second)]
  const alone = await Promise.all([readAudio(left, first), readAudio(right, second)])
  const both = await readAudio(join(left, right), 'both')
  expect(both.notes).toEqual([])
  expect([...both.audio.samples]).toEqual(alone.flatMap(({ audio }) => [...audio.samples]))
})

describe('MP3', () => {
  const read = (bytes: Uint8Array) => readAudio(bytes, 'a.mp3')
  const frameAt = (bytes: Uint8Array, from: number) => {
    const header = (at: number) => mp3Header(bytes.subarray(at, at + 4))
    let start = from
    while (header(start) === undefined) start++
    return { start, end: start + header(start)!.bytes }
  }
  /** A frame like the first of a file, with nothing in it. */
  const emptyFrame = (bytes: Uint8Array) => {
    const { start, end } = frameAt(bytes, 0)
    const frame = new Uint8Array(end - start)
    frame.set(bytes.subarray(start, start + 4))
    return frame
  }

  test('a table in a first frame of its own is no sound', async () => {
    const bytes = bytesOfSound('untagged.mp3')
    const table = emptyFrame(bytes)
    table.set(bytesOf('VBRI'), 36)
    expect(await read(join(table, bytes))).toEqual(await read(bytes))
  })

  test('of frames of two channels behind frames of one the mean is taken', async () => {
    const bytes = bytesOfSound('stereo.mp3')
    // Without the frame that says how long it is.
    const stereo = bytes.subarray(frameAt(bytes, 0).end)
    const mono = emptyFrame(bytes)
    mono[3]! |= 0xc0
    const alone = await read(stereo)
    const both = await read(join(mono, mono, mono, stereo))
    const empty = join(mono, mono, mono)
    expect(await read(empty)).toMatchObject({ channels: 1, notes: ['silent: every sample is 0'] })
    const inParts = await frameSource(bytesSource(empty), 'a.mp3')
    await inParts.read(0, 9999)
    expect(inParts.levelNotes()).toEqual(['silent: every sample is 0'])
    const before = 3 * 1152
    expect(both.audio.samples.length).toBe(before + alone.audio.samples.length)
    // The decoder's float32 sums stand in another order three frames on.
    alone.audio.samples.forEach((value, i) =>
      expect(Math.abs(both.audio.samples[before + i]! - value)).toBeLessThan(1e-6),
    )
  })

  test('another rate behind is an error', async () => {
    const both = join(bytesOfSound('untagged.mp3'), bytesOfSound('mono.mp3'))
    await expect(read(both)).rejects.toThrow(
      /"a.mp3" is MP3 \(.mp3\) with two streams one behind the other, 22050 Hz .* 16000 Hz .*; convert it: ffmpeg/,
    )
  })
})

test('a rate that changes on the way is an error with the place', async () => {
  const bytes = join(bytesOfSound('stereo.ogg'), bytesOfSound('mono.ogg'))
  await expect(readAudio(bytes, 'a.ogg')).rejects.toThrow(
    /"a.ogg" changes its sample rate from 44100 to 16000 Hz at sample 15434; convert it: ffmpeg/,
  )
})
