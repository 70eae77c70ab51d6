import { random, type Random } from '@serflow/core'
import { resample } from '../resample.js'
import { statementPhonemes } from '../sample/phonemes.js'
import { synthesise, type Voice } from '../sample/synthesis.js'
import { mannerOf } from '../sample/manners.js'

/** Voices there are, women and men in turn, and how many of them talk at once. */
const voices = 12
const talkers = 8
const seconds = 8
const synthesisRateHz = 16000

/**
 * Several people talking at once: eight of twelve synthetic voices, equally loud, each from a place of its own on.
 * Nobody's recording is in it, so that a copy with it carries no speaker into a fold.
 *
 * @returns of any level
 */
export function babble(length: number, draw: Random, sampleRateHz: number): Float32Array {
  const known = voicesAt(sampleRateHz)
  const mixed = new Float64Array(length)
  for (const voice of draw.shuffle(known).slice(0, talkers)) {
    const start = draw.integer(voice.length)
    for (let i = 0; i < length; i++) mixed[i]! += voice[(start + i) % voice.length]!
  }
  return Float32Array.from(mixed)
}

const voicesByRate = new Map<number, readonly Float32Array[]>()

/** The voices, made when the first clip asks for them; the same in each process. */
function voicesAt(sampleRateHz: number): readonly Float32Array[] {
  const known =
    voicesByRate.get(sampleRateHz) ??
    Array.from({ length: voices }, (_, index) => speech(index, sampleRateHz))
  voicesByRate.set(sampleRateHz, known)
  return known
}

/** One voice saying the statements one after the other, at a power of 1. */
function speech(index: number, sampleRateHz: number): Float32Array {
  const draw = random('babble', index)
  const man = index % 2 === 1
  const voice: Voice = {
    pitchHz: (man ? 112 : 205) * 2 ** ((2 * draw.normal()) / 12),
    formantScale: (man ? 1 : 1.16) * (1 + 0.03 * draw.normal()),
  }
  const spoken = new Float32Array(seconds * synthesisRateHz)
  for (let at = 0, turn = index; at < spoken.length; turn++) {
    const manner = mannerOf('neutral', 1, draw)
    const phonemes = statementPhonemes(turn % 2 === 0 ? '01' : '02')
    const { samples } = synthesise(phonemes, voice, manner, draw)
    spoken.set(samples.subarray(0, spoken.length - at), at)
    at += samples.length
  }
  const { samples } = resample({ samples: spoken, sampleRateHz: synthesisRateHz }, sampleRateHz)
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
  const gain = 1 / Math.sqrt(power)
  return samples.map((sample) => sample * gain)
}
