import type { Audio, Random } from '@serflow/core'
import type { Manner } from './manners.js'
import type { Phoneme } from './phonemes.js'

/** What stays the same about a speaker. */
export interface Voice {
  readonly pitchHz: number
  /** Resonances against those of an adult man: about 1.17 for a woman. */
  readonly formantScale: number
}

const sampleRateHz = 16000
/** Filters change this often: 5 ms. */
const blockSamples = 80

/**
 * Speech-like sound by source and filter: glottal pulses and breath through four resonances in a row, fricative
 * noise beside them, silence before and after.
 *
 * Node takes sines and exponentials from V8's own code, and rounding to 16 bits hides differences of 1e-16, so the
 * clip that is written has the same bytes on every machine.
 *
 * @returns 16 kHz
 * @see Klatt 1980, "Software for a cascade/parallel formant synthesizer"
 */
export function synthesise(
  phonemes: readonly Phoneme[],
  voice: Voice,
  manner: Manner,
  draw: Random,
): Audio {
  const before = Math.round(sampleRateHz * (0.22 + 0.16 * draw.uniform()))
  const after = Math.round(sampleRateHz * (0.22 + 0.16 * draw.uniform()))
  const track = blockTrack(phonemes, voice, manner, draw)
  const samples = new Float32Array(before + track.length * blockSamples + after)
  const source = glottis(manner, draw)
  const tilt = tiltFilter(manner.tiltDb)
  const resonances = [90, 110, 170, 250].map((bandwidthHz) => resonator(bandwidthHz))
  const hiss = resonator(1400)
  const gain = 0.06 * 10 ** (manner.gainDb / 20)

  track.forEach((block, index) => {
    block.formantsHz.forEach((hz, order) => resonances[order]!.tune(hz))
    hiss.tune(block.noiseHz)
    for (let i = 0; i < blockSamples; i++) {
      let sound = tilt(source(block.pitchHz, block.voice))
      for (const resonance of resonances) sound = resonance.filter(sound)
      const noise =
        block.noise > 0.001 ? hiss.filter(0.5 * block.noise * (draw.uniform() - 0.5)) : 0
      samples[before + index * blockSamples + i] = limit(gain * (sound + noise))
    }
  })
  // The faint noise of a quiet room; digital silence would give the silence away too easily.
  for (let i = 0; i < samples.length; i++) samples[i]! += 0.0004 * (draw.uniform() - 0.5)
  return { samples, sampleRateHz }
}

interface Block {
  readonly pitchHz: number
  readonly formantsHz: readonly number[]
  readonly voice: number
  readonly noise: number
  readonly noiseHz: number
}

/** Settings for each 5 ms: the phonemes' own, gliding into each other, with the manner's melody over them. */
function blockTrack(
  phonemes: readonly Phoneme[],
  voice: Voice,
  manner: Manner,
  draw: Random,
): Block[] {
  const track: Block[] = []
  const lengths = phonemes.map((phoneme) => {
    const seconds = (phoneme.seconds * (1 + 0.06 * draw.normal())) / manner.rate
    return Math.max(4, Math.round((seconds * sampleRateHz) / blockSamples))
  })
  const total = lengths.reduce((sum, length) => sum + length, 0)
  let accent = 0
  let formants = phonemes[0]!.formantsHz.map((hz) => hz * voice.formantScale)
  let level = 0
  phonemes.forEach((phoneme, index) => {
    const targets = phoneme.formantsHz.map((hz) => hz * voice.formantScale)
    for (let block = 0; block < lengths[index]!; block++) {
      const time = track.length / total
      accent += 0.12 * ((phoneme.stressed ? manner.rangeSemitones : 0) - accent)
      formants = formants.map((hz, order) => hz + 0.22 * (targets[order]! - hz))
      // The voice fades over the sentence and at its end, as breath runs out.
      const fade = (1 - 0.25 * time) * Math.min(1, (1 - time) * 8)
      level += 0.3 * (phoneme.voice * fade - level)
      const semitones = manner.pitchSemitones + accent + manner.slopeSemitones * (time - 0.5)
      track.push({
        pitchHz: Math.min(600, Math.max(55, voice.pitchHz * 2 ** (semitones / 12))),
        formantsHz: [...formants, 3500 * voice.formantScale],
        voice: level,
        noise: phoneme.noise * fade,
        noiseHz: phoneme.noiseHz || 4000,
      })
    }
  })
  return track
}

/** Glottal flow derivative, one period after the other: Rosenberg's pulse with breath while it is open. */
function glottis(manner: Manner, draw: Random) {
  const open = 0.6
  let phase = 0
  let stretch = 1
  return (pitchHz: number, strength: number): number => {
    phase += (pitchHz * stretch) / sampleRateHz
    if (phase >= 1) {
      phase -= 1
      stretch = 1 + manner.jitter * draw.normal()
    }
    const breath = manner.breath * (draw.uniform() - 0.5)
    if (phase >= open) return strength * 0.3 * breath
    const position = phase / open
    return strength * (2 * position - 3 * position * position + breath)
  }
}

/** First-order shelf about 700 Hz: far above it the voice is 2.5 · tiltDb louder. */
function tiltFilter(tiltDb: number) {
  const mix = 10 ** ((tiltDb * 2.5) / 20)
  const pole = Math.exp((-2 * Math.PI * 700) / sampleRateHz)
  let low = 0
  return (sample: number): number => {
    low += (1 - pole) * (sample - low)
    return low + mix * (sample - low)
  }
}

/** Klatt's resonator of two poles with gain 1 at 0 Hz. */
function resonator(bandwidthHz: number) {
  const radius = Math.exp((-Math.PI * bandwidthHz) / sampleRateHz)
  const c = -radius * radius
  let a = 1
  let b = 0
  let y1 = 0
  let y2 = 0
  return {
    tune(hz: number): void {
      b = 2 * radius * Math.cos((2 * Math.PI * Math.min(hz, 7400)) / sampleRateHz)
      a = 1 - b - c
    },
    filter(sample: number): number {
      const y = a * sample + b * y1 + c * y2
      y2 = y1
      y1 = y
      return y
    },
  }
}

/** Soft limit below full scale. */
function limit(sample: number): number {
  const magnitude = Math.abs(sample)
  return magnitude < 0.6 ? sample : Math.sign(sample) * (0.6 + 0.38 * (1 - 0.6 / magnitude))
}
