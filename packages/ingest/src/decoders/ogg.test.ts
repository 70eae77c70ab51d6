import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readAudio } from '../sound.js'
import { bytesOf, join } from '../wav.fixture.js'
import { oggPage, pagesOf, summed } from './ogg.fixture.js'

const sound = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../../tests/golden/ingest/sounds/${name}`, import.meta.url)),
  )
const read = async (...parts: readonly Uint8Array[]) => {
  const { audio, notes } = await readAudio(join(...parts), 'a.ogg')
  return { samples: audio.samples, notes }
}
const samplesOf = async (...names: readonly string[]) => {
  const parts = []
  for (const name of names) parts.push(...(await read(sound(name))).samples)
  return parts
}

test.each([
  ['stereo.ogg', 'stereo.oga'],
  ['stereo.oga', 'stereo.ogg', 'stereo.oga'],
  ['mono.opus', 'gain.opus', 'six.opus', 'stereo.opus'],
])('%s and what follows are one sound, whatever the codecs', async (...names) => {
  const whole = await read(...names.map(sound))
  expect(whole.notes).toEqual([])
  expect([...whole.samples]).toEqual(await samplesOf(...names))
})

test('another rate behind a stream of another codec is an error with the place', async () => {
  await expect(read(sound('stereo.ogg'), sound('stereo.opus'))).rejects.toThrow(
    /"a.ogg" changes its sample rate from 44100 to 48000 Hz at sample 15434; convert it: ffmpeg/,
  )
})

const speex = join(
  oggPage({ serial: 9, first: true, packets: [bytesOf('Speex   1.2'.padEnd(80, '\0'))] }),
  oggPage({ serial: 9, sequence: 1, granule: 320, last: true, packets: [new Uint8Array(90)] }),
)

test('a stream of a codec that is not read is left out, and a note says how much it is', async () => {
  const ogg = sound('stereo.ogg')
  const size = 2 * ogg.length + speex.length
  const note = `left out: 118 of its ${size} bytes, Ogg Speex from sample 15434 on, could not be decoded`
  const whole = await read(ogg, speex, ogg)
  expect(whole.notes).toEqual([note])
  expect([...whole.samples]).toEqual(await samplesOf('stereo.ogg', 'stereo.ogg'))
  const last = await read(ogg, speex)
  expect(last.notes).toEqual([note.replace(`${size}`, `${size - ogg.length}`)])
})

test('a stream whose headers are damaged is left out with a note', async () => {
  const [ogg, opus] = [sound('stereo.ogg'), sound('stereo.opus')]
  const broken = ogg.slice()
  const [head, setup] = pagesOf(broken)
  // The last of the pieces of the second page is the setup.
  setup!.pieces.at(-1)!.fill(0, 7)
  summed(setup!.bytes)
  broken.set(setup!.bytes, head!.bytes.length)
  const { samples, notes } = await read(ogg, broken)
  expect(samples.length).toBe(15434)
  expect(notes).toEqual([expect.stringMatching(/^left out: \d+ of its \d+ bytes, Ogg Vorbis from/)])
  const none = opus.slice()
  const first = pagesOf(none)[0]!.bytes
  first[28 + 9] = 0
  none.set(summed(first))
  const rest = await read(opus, none)
  expect(rest.samples.length).toBe((await read(opus)).samples.length)
  expect(rest.notes).toEqual([
    expect.stringMatching(/^left out: \d+ of its \d+ bytes, Ogg Opus from/),
  ])
})

test('a stream whose first page is lost is left out with a note', async () => {
  const [left, right] = [sound('stereo.ogg'), sound('stereo.oga')]
  const without = right.subarray(pagesOf(right)[0]!.bytes.length)
  const { samples, notes } = await read(left, without)
  expect(samples.length).toBe(15434)
  expect(notes).toEqual([
    `left out: ${without.length} of its ${left.length + without.length} bytes, data of an unknown kind from sample ` +
      '15434 on, could not be decoded',
  ])
})

test('a stream that ends without its last page is followed by the next one', async () => {
  const left = sound('stereo.oga')
  const pages = pagesOf(left)
  const cut = join(...pages.slice(0, -1).map(({ bytes }) => bytes))
  const { samples, notes } = await read(cut, left)
  const expected = [...(await read(cut)).samples, ...(await read(left)).samples]
  expect([...samples]).toEqual(expected)
  expect(notes).toContain('truncated: its last page is missing')
})

test('streams beside the sound, a picture say, are no part of it', async () => {
  const pages = pagesOf(sound('stereo.ogg')).map(({ bytes }) => bytes)
  const picture = (sequence: number) =>
    oggPage({
      serial: 7,
      sequence,
      first: sequence === 0,
      granule: sequence,
      packets: [bytesOf(sequence === 0 ? '\x80theora' : 'picture')],
    })
  const mixed = [picture(0), ...pages.flatMap((page, i) => [page, picture(i + 1)])]
  const behind = [pages[0]!, picture(0), ...mixed.slice(2)]
  for (const file of [mixed, behind, [...mixed, ...mixed]]) {
    const { samples, notes } = await read(...file)
    expect(notes).toEqual([])
    expect(samples.length % 15434).toBe(0)
  }
})

test.each(['stereo.ogg', 'stereo.oga', 'stereo.opus'])(
  'a page of %s that is lost is silence of its length',
  async (name) => {
    const whole = (await read(sound(name))).samples
    const pages = pagesOf(sound(name))
    const isSound = pages.map(({ granule }) => granule !== undefined && granule > 0)
    for (let lost = isSound.indexOf(true); lost < pages.length - 1; lost++) {
      const rest = pages.filter((_, i) => i !== lost).map(({ bytes }) => bytes)
      const { samples, notes } = await read(...rest)
      expect(samples.length).toBe(whole.length)
      expect(notes).toEqual([
        expect.stringMatching(/^damaged: \d+ of its \d+ frames could not be read, and are silence/),
      ])
      // The last page alone is too short for that.
      if (lost === pages.length - 2) continue
      // A lossy decoder goes on from the state that it has, and comes near what it would have been.
      const furthest = samples
        .slice(-300)
        .reduce((most, value, i) => Math.max(most, Math.abs(value - whole.at(i - 300)!)), 0)
      expect(furthest).toBeLessThan(0.01)
    }
  },
)

test('the page before the last is as long as those before it', async () => {
  for (const [name, lost] of [
    ['stereo.ogg', '5120 of its 15434'],
    ['stereo.opus', '4800 of its 17112'],
  ] as const) {
    const rest = pagesOf(sound(name)).filter((_, i, { length }) => i !== length - 2)
    const { notes } = await read(...rest.map(({ bytes }) => bytes))
    expect(notes[0]).toContain(`damaged: ${lost} frames`)
  }
})

test('a position that is none does not fill the memory, nor does the start of a longer stream', async () => {
  for (const [granule, sequence] of [
    [2 ** 31, 3],
    [2 ** 31, 900],
  ] as const) {
    const pages = pagesOf(sound('stereo.ogg')).slice(0, 3)
    const page = pages[2]!.bytes.slice()
    const view = new DataView(page.buffer)
    view.setUint32(6, granule, true)
    view.setUint32(18, sequence, true)
    const { samples } = await read(pages[0]!.bytes, pages[1]!.bytes, summed(page))
    expect(samples.length).toBeLessThan(15434)
  }
})

test('the output gain of an Opus header is applied, whatever the mapping family', async () => {
  for (const name of ['stereo.opus', 'six.opus']) {
    const plain = (await read(sound(name))).samples
    for (const decibels of [-6, 3.5, -127]) {
      const bytes = sound(name)
      const first = pagesOf(bytes)[0]!
      const packet = first.bytes.subarray(first.bytes.length - first.pieces[0]!.length)
      new DataView(packet.buffer, packet.byteOffset).setInt16(16, decibels * 256, true)
      bytes.set(summed(first.bytes))
      const { samples } = await read(bytes)
      const factor = 10 ** (decibels / 20)
      const furthest = samples.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - plain[i]! * factor)),
        0,
      )
      // Each of the channels is rounded to float32, and then their mean.
      expect(furthest).toBeLessThan(2 ** -23 * factor)
    }
  }
})
