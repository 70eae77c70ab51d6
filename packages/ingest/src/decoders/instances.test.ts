import { readFileSync } from 'node:fs'
import { random } from '@serflow/core'
import { MPEGDecoder } from 'mpg123-decoder'
import { expect, test, vi } from 'vitest'
import { fuzzInput, fuzzSeeds } from '../fuzz.fixture.js'
import type { Decoded } from './decoder.js'
import type { CompressedKind } from './index.js'
import { keptInstances } from './instances.js'

const sound = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../../tests/golden/ingest/sounds/${name}`, import.meta.url)),
  )

const memoryOf = (decoder: MPEGDecoder) => {
  const { _common } = decoder as unknown as { _common: { wasm: { HEAP: ArrayBuffer } } }
  return Buffer.from(new Uint8Array(_common.wasm.HEAP))
}

test('the memory of a kept instance is that of a new one, to the last byte', async () => {
  const instances = keptInstances<MPEGDecoder>()
  const make = () => new MPEGDecoder()
  const first = await instances.take('', make)
  const fresh = first.use(memoryOf)
  const garbage = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i * 7 + (i >> 3)) & 255)
  first.use((decoder) => decoder.decode(sound('stereo.mp3')))
  first.use((decoder) => decoder.decode(garbage))
  expect(first.use(memoryOf).equals(fresh)).toBe(false)
  first.close()
  const second = await instances.take('', make)
  expect(second.use(memoryOf).equals(fresh)).toBe(true)
  expect(second.use((decoder) => decoder)).toBe(first.use((decoder) => decoder))
})

test('instances in use at once are different ones, and so are those of another kind', async () => {
  const instances = keptInstances<MPEGDecoder>()
  const make = () => new MPEGDecoder()
  const taken = [
    await instances.take('a', make),
    await instances.take('a', make),
    await instances.take('b', make),
    await instances.take(undefined, make),
  ]
  const decoders = taken.map((lease) => lease.use((decoder) => decoder))
  expect(new Set(decoders).size).toBe(4)
  for (const lease of taken) lease.close()
  const again = await instances.take('a', make)
  expect(again.use((decoder) => decoder)).toBe(decoders[1])
  const unkept = await instances.take(undefined, make)
  expect(decoders).not.toContain(unkept.use((decoder) => decoder))
})

test('after an error an instance is not used again', async () => {
  const instances = keptInstances<MPEGDecoder>()
  const first = await instances.take('', () => new MPEGDecoder())
  expect(() =>
    first.use(() => {
      throw new Error('a trap')
    }),
  ).toThrow('a trap')
  first.close()
  const second = await instances.take('', () => new MPEGDecoder())
  expect(second.use((decoder) => decoder)).not.toBe(first.use((decoder) => decoder))
})

const kinds: Record<string, CompressedKind> = {
  mp3: 'MP3 (.mp3)',
  mp2: 'MP3 (.mp3)',
  ogg: 'Ogg Vorbis (.ogg)',
  opus: 'Ogg Opus (.opus)',
  flac: 'FLAC (.flac)',
  oga: 'Ogg FLAC (.oga)',
}

/** What came of a file: samples, notes, or the error. */
async function outcome(
  openDecoder: typeof import('./index.js').openDecoder,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<unknown> {
  const decoder = await openDecoder(kinds[name.split('.').at(-1)!]!)
  try {
    const decoded: Decoded[] = []
    for await (const piece of decoder.decode(bytes)) decoded.push(piece)
    for await (const piece of decoder.flush()) decoded.push(piece)
    const samples = decoded.flatMap(({ channels }) =>
      channels.map((c) => Buffer.from(c.slice().buffer)),
    )
    return [Buffer.concat(samples).toString('base64'), decoder.notes()]
  } catch (error) {
    return String(error)
  } finally {
    decoder.close()
  }
}

test('what a file gives does not depend on the files read before it, damaged ones among them', async () => {
  const seeds = fuzzSeeds().filter(({ name }) => name.split('.').at(-1)! in kinds)
  const damaged = Array.from({ length: 60 }, (_, number) => fuzzInput(seeds, number))
  const inputs = [...seeds, ...damaged]
  const alone: unknown[] = []
  for (const input of inputs) {
    // A module of its own has no instances yet.
    vi.resetModules()
    const { openDecoder } = await import('./index.js')
    alone.push(await outcome(openDecoder, input))
  }
  const { openDecoder } = await import('./index.js')
  const draw = random('order of files')
  for (let turn = 0; turn < 200; turn++) {
    const at = draw.integer(inputs.length)
    expect(await outcome(openDecoder, inputs[at]!)).toEqual(alone[at])
  }
})
