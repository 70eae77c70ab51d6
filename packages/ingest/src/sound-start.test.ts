import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesSource } from './byte-source.js'
import { frameSource } from './frame-source.js'
import { readAudio } from './sound.js'
import { bytesOf, join, plainWav, signal, uint32 } from './wav.fixture.js'

const golden = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../tests/golden/ingest/sounds/${name}`, import.meta.url)),
  )
const seeds: Record<string, Uint8Array> = {
  'plain.wav': plainWav(signal()),
  'untagged.mp3': golden('untagged.mp3'),
  'layer2.mp2': golden('layer2.mp2'),
  'mono.flac': golden('mono.flac'),
  'mono.ogg': golden('mono.ogg'),
  'mono.opus': golden('mono.opus'),
  'stereo.oga': golden('stereo.oga'),
}
const names = Object.keys(seeds)

/** Bytes that are no format's beginning, and hold none. */
const rubbish = (length: number) =>
  Uint8Array.from({ length }, (_, i) => 1 + ((i * i * 7 + (i >> 3) * 31) % 190))

const id3 = join(bytesOf('ID3\x03\0\0\0\0\x02\x10'), new Uint8Array(0x110))
/** With its header; items of 40 bytes, and a footer of 32. */
const ape = join(bytesOf('APETAGEX'), uint32(2000, 72, 1, 0xa0000000, 0, 0), rubbish(72))

test.each(names)('%s behind tags is the sound without them', async (name) => {
  const plain = await readAudio(seeds[name]!, name)
  for (const tags of [[id3], [ape], [ape, id3], [id3, id3, ape]]) {
    expect(await readAudio(join(...tags, seeds[name]!), name)).toEqual(plain)
  }
})

test.each(names)('%s behind zeros or rubbish is the sound, with a note', async (name) => {
  const bytes = seeds[name]!
  const plain = await readAudio(bytes, name)
  for (const before of [
    new Uint8Array(512),
    new Uint8Array(1000),
    new Uint8Array(100_001),
    rubbish(1),
    rubbish(3),
    rubbish(5000),
    join(bytesOf('HTTP/1.1 200 OK\r\n'.repeat(70))),
  ]) {
    const whole = join(before, bytes)
    const notes = [`damaged: ${before.length} bytes before its sound are no sound and left out`]
    expect(await readAudio(whole, name)).toEqual({ ...plain, notes })
    const source = await frameSource(bytesSource(whole), name)
    expect(await source.read(0, 1e6)).toEqual(plain.audio.samples)
    expect(source.notes()).toEqual(notes)
    source.close()
  }
})

test('beyond a mebibyte no sound is looked for', async () => {
  const before = new Uint8Array(2 ** 20)
  await expect(readAudio(join(before, seeds['untagged.mp3']!), 'a.mp3')).rejects.toThrow(
    /is zero bytes only/,
  )
})

test('a tag that says more than the file holds is stepped over by its head', async () => {
  const tag = bytesOf('ID3\x03\0\0\x7f\x7f\x7f\x7f\0\0\0\0\0\0\0\0')
  const { audio } = await readAudio(join(tag, seeds['untagged.mp3']!), 'a.mp3')
  expect(audio).toEqual((await readAudio(seeds['untagged.mp3']!, 'a.mp3')).audio)
})

test('data without sound is not taken for one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 20, maxLength: 3000 }), async (bytes) => {
      bytes[0] = 3
      await expect(readAudio(bytes, 'a.bin')).rejects.toThrow(/"a\.bin" is /)
    }),
    { numRuns: 300 },
  )
  for (const text of ['RIFF or WAVE file for you', 'say fLaC, OggS or RIFF', '\xff\xfb\x90']) {
    await expect(readAudio(bytesOf(text.repeat(20)), 'a.txt')).rejects.toThrow(/"a\.txt" is /)
  }
})

test('what is known to be no sound is not searched', async () => {
  for (const head of ['PK\x03\x04', 'RIFF\0\0\0\0WEBP', '%PDF-1.7\n']) {
    const whole = join(bytesOf(head), seeds['untagged.mp3']!)
    await expect(readAudio(whole, 'a.mp3')).rejects.toThrow(/"a\.mp3" is a .*, not sound/)
  }
})
