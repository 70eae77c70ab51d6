/** Builders of RIFF files for tests: right ones, and wrong in one place. */
export const fixtureRateHz = 16000

/** First values of a signal that shows shifts, wrong signs and wrong scales. */
export const head16 = [0, 8192, -8192, 16384, -16384, 32767, -32768, 256]

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

export function uint32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer)
}

export function uint16(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer)
}

export function pcm16(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer)
}

export function pcm24(values: readonly number[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap((value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255]),
  )
}

export function float32(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

/** A chunk with its pad byte; `size` overrides what its header says. */
export function chunk(id: string, body: Uint8Array, size = body.length): Uint8Array {
  return join(bytesOf(id), uint32(size), body, new Uint8Array(body.length % 2))
}

export function riff(
  chunks: readonly Uint8Array[],
  { magic = 'RIFF', size }: { magic?: string; size?: number } = {},
): Uint8Array {
  const body = join(bytesOf('WAVE'), ...chunks)
  return join(bytesOf(magic), uint32(size ?? body.length), body)
}

export interface FormatOptions {
  readonly tag?: number
  readonly channels?: number
  readonly rate?: number
  readonly bits?: number
  /** Bytes a frame that the chunk says. */
  readonly width?: number
  /** What follows the 16 bytes, with its size before it. */
  readonly extra?: Uint8Array
}

export function fmt({
  tag = 1,
  channels = 1,
  rate = fixtureRateHz,
  bits = 16,
  width = Math.ceil(bits / 8) * channels,
  extra,
}: FormatOptions = {}) {
  const body = join(uint16(tag, channels), uint32(rate, rate * width), uint16(width, bits))
  return chunk('fmt ', extra ? join(body, uint16(extra.length), extra) : body)
}

/** WAVE_FORMAT_EXTENSIBLE around a sub-format. */
export function extensible(subFormat: number, options: FormatOptions = {}): Uint8Array {
  const bits = options.bits ?? 16
  const tail = Uint8Array.from([0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113])
  return fmt({
    ...options,
    tag: 0xfffe,
    extra: join(uint16(bits), uint32(4), uint16(subFormat), tail),
  })
}

export function list(): Uint8Array {
  return chunk('LIST', join(bytesOf('INFO'), chunk('ISFT', bytesOf('Lavf58.76.100\0'))))
}

export function tone(length: number, hz = 440, rate = fixtureRateHz, amplitude = 12000): number[] {
  const value = (i: number) => amplitude * Math.sin((2 * Math.PI * hz * i) / rate)
  // + 0 turns −0 into 0, which comparisons of tests tell apart.
  return Array.from({ length }, (_, i) => Math.round(value(i)) + 0)
}

/** `head16`, then a tone. */
export function signal(length = 800, hz = 440): number[] {
  return [...head16, ...tone(length, hz)].slice(0, length)
}

/** A plain 16-bit WAV file. */
export function plainWav(values: readonly number[], rate = fixtureRateHz): Uint8Array {
  return riff([fmt({ rate }), chunk('data', pcm16(values))])
}

/** A short clip whose sound depends on its name alone, so that no two names have the same. */
export function namedClip(name: string, rate = 48000, seconds = 0.05): Uint8Array {
  let hash = 2166136261
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 16777619) >>> 0
  return plainWav(tone(Math.round(rate * seconds), 120 + (hash % 700) + hash / 2 ** 33, rate), rate)
}
