import { readFileSync, readdirSync } from 'node:fs'
import { InputError, random, type Random } from '@serflow/core'
import { watchAllocations } from './allocations.fixture.js'
import { bytesSource } from './byte-source.js'
import { pageCheckSum } from './decoders/ogg-pages.js'
import { frameSource } from './frame-source.js'
import { readAudio } from './sound.js'
import * as wav from './wav.fixture.js'

/** A valid file that mutations start from. */
export interface Seed {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Each kind of WAV, made here, and the small compressed files of the golden values. */
export function fuzzSeeds(): readonly Seed[] {
  const values = wav.signal(400)
  const { riff, fmt, chunk, list, pcm16, pcm24, float32, extensible } = wav
  const made: Record<string, Uint8Array> = {
    'pcm16.wav': wav.plainWav(values),
    'stereo.wav': riff([fmt({ channels: 2 }), chunk('data', pcm16(values))]),
    'pcm24.wav': riff([extensible(1, { bits: 24 }), chunk('data', pcm24(values)), list()]),
    'float.wav': riff([
      fmt({ tag: 3, bits: 32 }),
      chunk('data', float32(values.map((v) => v / 4e4))),
    ]),
    'double.wav': riff([fmt({ tag: 3, bits: 64 }), chunk('data', new Uint8Array(800))]),
    'mulaw.wav': riff([
      fmt({ tag: 7, bits: 8, rate: 8000 }),
      chunk('data', new Uint8Array(300).fill(77)),
    ]),
    'alaw.wav': riff([
      fmt({ tag: 6, bits: 8, rate: 8000 }),
      chunk('data', new Uint8Array(300).fill(77)),
    ]),
    'pcm8.wav': riff([list(), fmt({ bits: 8 }), chunk('data', new Uint8Array(300).fill(140))]),
    'pipe.wav': riff([fmt(), chunk('data', pcm16(values), 0xffffffff)], { size: 0xffffffff }),
    'rf64.wav': riff(
      [
        chunk('ds64', wav.uint32(0, 0, 800, 0, 400, 0, 0)),
        fmt(),
        chunk('data', pcm16(values), 0xffffffff),
        list(),
      ],
      { magic: 'RF64', size: 0xffffffff },
    ),
  }
  // From src/, and from where the command bundles it, dist/fuzz/.
  const up = import.meta.url.includes('/dist/') ? '../../../../' : '../../../'
  const goldens = new URL(`${up}tests/golden/ingest/`, import.meta.url)
  const folder = new URL('sounds/', goldens)
  const golden = readdirSync(folder).sort()
  const { files: bigEndian } = JSON.parse(
    readFileSync(new URL('big-endian.json', goldens), 'utf8'),
  ) as { files: { name: string; file: string }[] }
  return [
    ...Object.entries(made).map(([name, bytes]) => ({ name, bytes })),
    ...golden.map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, folder))) })),
    ...bigEndian.map(({ name, file }) => ({
      name,
      bytes: new Uint8Array(Buffer.from(file, 'base64')),
    })),
  ]
}

/** The input of a number: a seed with a few changes, the same on every machine. */
export function fuzzInput(seeds: readonly Seed[], number: number): Seed {
  const draw = random('fuzz', number)
  const seed = seeds[draw.integer(seeds.length)]!
  let bytes: Uint8Array = seed.bytes.slice()
  const changes = 1 + draw.integer(draw.uniform() < 0.2 ? 40 : 4)
  for (let change = 0; change < changes; change++) bytes = mutate(bytes, seeds, draw)
  // Most changes should get behind the first look: the magic bytes, and the check sums of Ogg's pages.
  if (draw.uniform() < 0.9) bytes.set(seed.bytes.subarray(0, Math.min(4, bytes.length)))
  if (draw.uniform() < 0.7) mendPages(bytes)
  return { name: seed.name, bytes }
}

function mendPages(bytes: Uint8Array): void {
  for (let at = 0; at + 27 <= bytes.length; at++) {
    if (bytes[at] !== 0x4f || bytes[at + 1] !== 0x67 || bytes[at + 2] !== 0x67) continue
    const table = bytes.subarray(at + 27, at + 27 + bytes[at + 26]!)
    const size = table.reduce((sum, part) => sum + part, 27 + table.length)
    const page = bytes.subarray(at, at + size)
    if (page.length < size) continue
    new DataView(page.buffer, page.byteOffset).setUint32(22, pageCheckSum(page), true)
    at += size - 1
  }
}

/** Places near the beginning are drawn more often: headers are there. */
function place(length: number, draw: Random): number {
  const share = draw.uniform() < 0.5 ? draw.uniform() ** 4 : draw.uniform()
  return Math.min(length - 1, Math.floor(share * length))
}

const edges = [0, 1, 0x7f, 0x80, 0xff, 0xfe]

function mutate(bytes: Uint8Array, seeds: readonly Seed[], draw: Random): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(draw.integer(256))
  const at = place(bytes.length, draw)
  const length = 1 + draw.integer(draw.uniform() < 0.7 ? 8 : bytes.length - at)
  switch (draw.integer(9)) {
    case 0:
      bytes[at] = bytes[at]! ^ (1 << draw.integer(8))
      return bytes
    case 1:
      bytes[at] = draw.integer(256)
      return bytes
    case 2:
      bytes.fill(edges[draw.integer(edges.length)]!, at, at + Math.min(length, 8))
      return bytes
    case 3:
      return bytes.subarray(0, at)
    case 4:
      return wav.join(bytes.subarray(0, at), bytes.subarray(at + length))
    case 5:
      return splice(bytes, at, bytes.subarray(at, at + length))
    case 6: {
      const other = seeds[draw.integer(seeds.length)]!.bytes
      const from = place(other.length, draw)
      return splice(bytes, at, other.subarray(from, from + length))
    }
    case 7:
      for (let i = at; i < Math.min(bytes.length, at + length); i++) bytes[i] = draw.integer(256)
      return bytes
    default: {
      // A size or a count, in one byte order or the other.
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const value = [0, 1, 0xffff, 0x7fffffff, 0xffffffff, draw.word()][draw.integer(6)]!
      if (at + 4 <= bytes.length) view.setUint32(at, value, draw.uniform() < 0.5)
      return bytes
    }
  }
}

function splice(bytes: Uint8Array, at: number, inserted: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + inserted.length)
  whole.set(bytes.subarray(0, at))
  whole.set(inserted, at)
  whole.set(bytes.subarray(at), at + inserted.length)
  return whole
}

/** What came of an input. */
export interface FuzzOutcome {
  /** `read`, or the error in words without names and numbers: inputs of one kind are told apart by it. */
  readonly kind: string
  /** What is against the rules; undefined where all is well. */
  readonly fault: string | undefined
}

/**
 * Samples that a compressed byte may give. FLAC stores a constant block of 65535 samples in 14 bytes, MPEG layer III 1152
 * in 24, Opus 5760 (120 ms) in 2.
 */
const samplesAByte = 6000
const constant = 200_000

/**
 * Reads an input whole and in parts. The rules: a result with finite samples and as many as the bytes can hold, or an
 * InputError of one line that names the file; and no allocation above twice the file, but for `workingBytes` and, where
 * all of it is asked for at once, the sound itself.
 */
export async function fuzzOne(input: Seed): Promise<FuzzOutcome> {
  const { result, largestBytes } = await watchAllocations(() => readWhole(input))
  const { kind, fault, samples } = result
  const most = Math.max(2 * input.bytes.length, workingBytes)
  const whole = Math.max(most, samples?.byteLength ?? 0)
  if (fault !== undefined) return { kind, fault }
  if (largestBytes > whole) return { kind, fault: `an allocation of ${largestBytes} bytes` }
  if (!samples) return { kind, fault }
  const parts = await watchAllocations(() => partsFault(input, samples))
  if (parts.result === undefined && parts.largestBytes > most)
    return { kind, fault: `in parts, an allocation of ${parts.largestBytes} bytes` }
  return { kind, fault: parts.result }
}

/** What a reader may take whatever the file; to start a decoder in WebAssembly takes a block of 1 MiB. */
const workingBytes = 2 ** 20

async function readWhole({
  name,
  bytes,
}: Seed): Promise<FuzzOutcome & { readonly samples?: Float32Array }> {
  try {
    const { audio, channels } = await readAudio(bytes, name)
    const { samples, sampleRateHz } = audio
    const most = isPlain(bytes) ? bytes.length : bytes.length * samplesAByte + constant
    if (samples.length === 0) return { kind: 'read', fault: 'no samples and no error' }
    if (samples.length > most)
      return { kind: 'read', fault: `${samples.length} samples of ${bytes.length} bytes` }
    if (!samples.every(Number.isFinite))
      return { kind: 'read', fault: 'a sample that is not finite' }
    if (!Number.isInteger(sampleRateHz) || channels < 1)
      return { kind: 'read', fault: `${sampleRateHz} Hz, ${channels} channels` }
    const kind = `read ${magnitude(sampleRateHz)} Hz ${magnitude(channels)}`
    return { kind, fault: undefined, samples }
  } catch (error) {
    if (!(error instanceof InputError))
      return { kind: 'crash', fault: String(error instanceof Error ? error.stack : error) }
    const { message } = error
    const fault =
      /[\p{Cc}\u2028\u2029]/u.test(message) || !message.includes(name)
        ? `the message is ${JSON.stringify(message)}`
        : undefined
    return { kind: message.replace(/"[^"]*"|0x[\da-f]+|[\d.-]+/gi, '#'), fault }
  }
}

/** The power of two below: a header has any number, and each would be a kind of its own. */
function magnitude(value: number): number {
  return 2 ** Math.floor(Math.log2(value))
}

/** Not compressed: a sample takes a byte at least. */
function isPlain(bytes: Uint8Array): boolean {
  return /^(RIFF|RF64|BW64|FORM|\.snd)$/.test(String.fromCharCode(...bytes.subarray(0, 4)))
}

/** Reads in parts that memory has room for, the first ones uneven. */
async function partsFault({ name, bytes }: Seed, whole: Float32Array): Promise<string | undefined> {
  const source = await frameSource(bytesSource(bytes), name)
  try {
    let first = 0
    for (let last = 7 + (whole.length % 1000); ; last += partFrames) {
      const part = await source.read(first, last)
      if (part.length !== Math.min(last, whole.length) - first)
        return `${part.length} samples in the part from ${first} on, ${whole.length} in all`
      if (!part.every((value, i) => value === whole[first + i]))
        return 'parts differ from the whole'
      first += part.length
      if (first >= whole.length && part.length === 0) return undefined
    }
  } finally {
    source.close()
  }
}

const partFrames = 60_000
