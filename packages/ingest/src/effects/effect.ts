import { InputError } from '@serflow/core'

/** One thing done to the sound of a training clip. */
export type Effect =
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'pitch'; readonly semitones: number }
  | { readonly kind: 'gain'; readonly gainDb: number }
  | { readonly kind: 'noise'; readonly noise: NoiseKind; readonly snrDb: number }
  | { readonly kind: 'room'; readonly reverberationSeconds: number }
  | { readonly kind: 'shift'; readonly seconds: number }

export type NoiseKind = 'white' | 'pink' | 'babble'

/**
 * Effects as they are written in settings and tables, done one after the other:
 *
 *   speed=0.9         0.9 times as fast and as high; 0.5 to 2
 *   pitch=+2st        two semitones higher, as long as before; −12 to +12
 *   gain=-6dB         −60 to +60
 *   noise=white:10dB  noise 10 dB below the voice; white, pink or babble, −20 to 60 dB
 *   room=0.3s         in a room that falls by 60 dB in 0.3 s; 0.05 to 5 s
 *   shift=+0.1s       later by 0.1 s, the end moving to the beginning; −10 to 10 s
 *   pitch=+2st+room=0.3s
 *
 * @throws InputError naming the part that is none, and what was expected
 */
export function parseEffects(text: string): readonly Effect[] {
  // A plus before a letter joins, before a digit it is a sign; the minus of print is one too.
  const parts = text
    .trim()
    .replaceAll('\u2212', '-')
    .split(/\s*\+\s*(?=[a-z])/i)
  return parts.map((part) => {
    const [, name = '', value = ''] = /^\s*(\w*)\s*=?\s*(.*?)\s*$/.exec(part) ?? []
    const parse = parsers.get(name)
    if (!parse) {
      throw new InputError(
        `"${text}" is no effect: "${part}" is none of ${[...parsers.keys()].join(', ')}; ` +
          'expected such as speed=0.9, noise=white:10dB or pitch=+2st+room=0.3s',
      )
    }
    return parse(value, part)
  })
}

/** Effects in their one way of writing: `parseEffects` gives them back, and equal effects are equal texts. */
export function formatEffects(effects: readonly Effect[]): string {
  return effects.map(formatEffect).join('+')
}

function formatEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'speed':
      return `speed=${effect.speed}`
    case 'pitch':
      return `pitch=${signed(effect.semitones)}st`
    case 'gain':
      return `gain=${signed(effect.gainDb)}dB`
    case 'noise':
      return `noise=${effect.noise}:${effect.snrDb}dB`
    case 'room':
      return `room=${effect.reverberationSeconds}s`
    case 'shift':
      return `shift=${signed(effect.seconds)}s`
  }
}

const noiseKinds: ReadonlyMap<string, NoiseKind> = new Map([
  ['white', 'white'],
  ['pink', 'pink'],
  ['babble', 'babble'],
])

const parsers: ReadonlyMap<string, (value: string, part: string) => Effect> = new Map([
  [
    'speed',
    (value: string, part: string): Effect => ({
      kind: 'speed',
      speed: amount(value, '', part, { from: 0.5, to: 2, without: 1, within: speedsOfOne }),
    }),
  ],
  [
    'pitch',
    (value: string, part: string): Effect => ({
      kind: 'pitch',
      semitones: amount(value, 'st', part, { from: -12, to: 12, without: 0, within: 0.015 }),
    }),
  ],
  [
    'gain',
    (value: string, part: string): Effect => ({
      kind: 'gain',
      gainDb: amount(value, 'dB', part, { from: -60, to: 60, without: 0 }),
    }),
  ],
  [
    'noise',
    (value: string, part: string): Effect => {
      const [name = '', level = ''] = value.split(':')
      const noise = noiseKinds.get(name.trim())
      if (!noise) {
        throw new InputError(
          `"${part}" names the noise "${name}", expected white, pink or babble, as in noise=pink:15dB`,
        )
      }
      return { kind: 'noise', noise, snrDb: amount(level, 'dB', part, { from: -20, to: 60 }) }
    },
  ],
  [
    'room',
    (value: string, part: string): Effect => ({
      kind: 'room',
      reverberationSeconds: amount(value, 's', part, { from: 0.05, to: 5 }),
    }),
  ],
  [
    'shift',
    (value: string, part: string): Effect => ({
      kind: 'shift',
      seconds: amount(value, 's', part, { from: -10, to: 10, without: 0, within: 0.5 / 16000 }),
    }),
  ],
])

interface Range {
  readonly from: number
  readonly to: number
  /** The value that would change nothing, and how near to it others do not either. */
  readonly without?: number
  readonly within?: number
}

/** Speeds are fractions with a denominator up to 1000: what is so near to 1 would be 1. */
export const speedsOfOne = 0.0009

function amount(
  value: string,
  unit: string,
  part: string,
  { from, to, without, within = 0 }: Range,
): number {
  const [, digits, found] = /^([+-]?\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)$/i.exec(value.trim()) ?? []
  const number = Number(digits)
  if (digits === undefined || found !== unit || !(number >= from && number <= to)) {
    const shown = unit ? ` ${unit}` : ''
    throw new InputError(
      `"${part}" is out of its range or without its unit, expected ${from}${shown} to ${to}${shown}, ` +
        `such as ${examples.get(part.trim().split('=')[0]!) ?? part}`,
    )
  }
  if (without !== undefined && Math.abs(number - without) <= within) {
    throw new InputError(`"${part}" changes nothing; the original is always there, so leave it out`)
  }
  return number
}

const examples: ReadonlyMap<string, string> = new Map([
  ['speed', 'speed=0.9'],
  ['pitch', 'pitch=+2st'],
  ['gain', 'gain=-6dB'],
  ['noise', 'noise=white:10dB'],
  ['room', 'room=0.3s'],
  ['shift', 'shift=+0.1s'],
])

function signed(number: number): string {
  return number > 0 ? `+${number}` : String(number)
}
