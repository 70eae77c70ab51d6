import { bytesOf, join } from '../wav.fixture.js'
import { checkSum16 } from './flac-frame.js'
import { checkSum8 } from './flac-header.js'

/** FLAC for tests, 16 bits: right files, and wrong ones whose check sums are right. */
export interface FlacFixture {
  readonly sampleRateHz?: number
  readonly channels?: number
  /** Samples a channel that STREAMINFO says; 0 for unknown. */
  readonly total?: number
  /** Samples of a block that STREAMINFO says; 0 for blocks of different sizes. */
  readonly blockSamples?: number
  readonly frames: readonly Uint8Array[]
  /** Between STREAMINFO and the first frame: blocks of metadata with their headers, but the last. */
  readonly metadata?: Uint8Array
}

export function flacFile({
  sampleRateHz = 16000,
  channels = 1,
  total = 0,
  blockSamples = 0,
  frames,
  metadata,
}: FlacFixture): Uint8Array {
  const bits =
    number(blockSamples || 16, 16) +
    number(blockSamples || 65535, 16) +
    number(0, 48) +
    number(sampleRateHz, 20) +
    number(channels - 1, 3) +
    number(15, 5) +
    number(total, 36)
  const info = join(packed(bits), new Uint8Array(16))
  const head = Uint8Array.of(metadata ? 0 : 128, 0, 0, 34)
  return join(bytesOf('fLaC'), head, info, metadata ?? new Uint8Array(), ...frames)
}

export interface FrameFixture {
  /** One array a channel, integers of 16 bits. */
  readonly channels: readonly (readonly number[])[]
  /** Of the frame, or of its first sample where block sizes vary. */
  readonly number: number
  readonly variable?: boolean
  /** How its samples are stored: the first one for all, as they are, or as a residual with an escape code or Rice codes of 5-bit parameters. */
  readonly coding?: 'constant' | 'verbatim' | 'escape' | 'rice'
}

export function flacFrameBytes({
  channels,
  number: place,
  variable = false,
  coding = 'verbatim',
}: FrameFixture): Uint8Array {
  const samples = channels[0]!.length
  const start = packed(
    '111111111111100' +
      (variable ? '1' : '0') +
      '0111' +
      '0000' +
      number(channels.length - 1, 4) +
      '1000',
  )
  const header = join(start, utf8(place), packed(number(samples - 1, 16)))
  const bits = channels.map((channel) => subframe(channel, coding)).join('')
  const body = join(header, Uint8Array.of(checkSum8(header, 0, header.length)), packed(bits))
  const sum = checkSum16(body, 0, body.length)
  return join(body, Uint8Array.of(sum >> 8, sum & 255))
}

function subframe(samples: readonly number[], coding: FrameFixture['coding']): string {
  if (coding === 'constant') return '00000000' + number(samples[0]! & 0xffff, 16)
  const plain = samples.map((sample) => number(sample & 0xffff, 16)).join('')
  if (coding === 'verbatim') return '00000010' + plain
  const fixed0 = '00010000'
  if (coding === 'escape') return fixed0 + '00' + '0000' + '1111' + '10000' + plain
  const parameter = 20
  const codes = samples.map((sample) =>
    number(sample < 0 ? -2 * sample - 1 : 2 * sample, parameter),
  )
  return fixed0 + '01' + '0000' + number(parameter, 5) + codes.map((code) => `1${code}`).join('')
}

function number(value: number, bits: number): string {
  return value.toString(2).padStart(bits, '0')
}

function packed(bits: string): Uint8Array {
  const whole = bits.padEnd(8 * Math.ceil(bits.length / 8), '0')
  return Uint8Array.from(whole.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** Numbers below 2^36, as the characters of UTF-8. */
function utf8(value: number): Uint8Array {
  if (value < 128) return Uint8Array.of(value)
  const bits = value.toString(2)
  // n bytes hold 5n + 1 bits.
  const bytes = Math.max(2, Math.ceil((bits.length - 1) / 5))
  const padded = bits.padStart(5 * bytes + 1, '0')
  const first = '1'.repeat(bytes) + '0' + padded.slice(0, Math.max(0, 7 - bytes))
  const rest = padded.slice(Math.max(0, 7 - bytes)).match(/.{6}/g) ?? []
  return packed([first.slice(0, 8), ...rest.map((part) => `10${part}`)].join(''))
}
