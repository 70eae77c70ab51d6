import type { Audio } from '@serflow/core'
import { transform } from './fourier.js'
import type { Kernel } from './kernels/reader-kernel.js'
import { resample } from './resample.js'

/** One frame of a fingerprint: `bandPairs` bits, and one above them that says that they mean something. */
export type FingerprintWord = number

/** Bits of a word that compare bands. */
export const bandPairs = 24
export const isSounding: FingerprintWord = 1 << bandPairs
/** Frames are this far apart. */
export const hopSeconds = 0.032

const rateHz = 4000
const hop = hopSeconds * rateHz
const windowSamples = 1024
const [lowHz, highHz] = [250, 1900]
/** A frame this far below the loudest is silent: a codec leaves nothing of it. */
const silenceDb = 40
/** Where less changes from frame to frame, as in a tone that stands, the bits are those of rounding. */
const leastChange = 0.005
/** What is looked at of a recording, from its beginning. */
export const fingerprintSeconds = 120
/** Four tenths of a second of sound; less is not told from another. */
export const leastFrames = 12

/**
 * What is left of a recording at another level, at another rate, behind a codec or with silence before it:
 *
 *   bit b of frame i = (E[i, b] − E[i, b + 1]) − (E[i − 1, b] − E[i − 1, b + 1]) > 0
 *
 * with E[i, b] the energy of band b, of 25 between 250 and 1900 Hz, equally wide in log frequency, in a Hann window of
 * 256 ms around 32·i ms; around the sound there is silence. Telephones pass these bands, and a window this long forgives
 * half a hop of delay.
 *
 * Of the first two minutes from where the sound begins, so that frames lie alike whatever silence is before it.
 *
 * @param kernel what resamples: bits between nearly equal bands depend on it
 * @returns a word a frame, 0 where it is silent or nothing changes; null for less than about 0.4 s of sound
 * @see Haitsma & Kalker (2002): A highly robust audio fingerprinting system. Proc. ISMIR.
 */
export function fingerprint(audio: Audio, kernel?: Kernel): Uint32Array | null {
  const { sampleRateHz } = audio
  const heard = fromOnset(audio.samples)
  const sound = resample(
    { samples: heard.subarray(0, fingerprintSeconds * sampleRateHz), sampleRateHz },
    rateHz,
    kernel,
  ).samples
  // So that what is shorter than a window has frames too.
  const samples = new Float32Array(sound.length + windowSamples)
  samples.set(sound, windowSamples / 2)
  const frames = Math.floor((samples.length - windowSamples) / hop) + 1
  if (frames <= leastFrames) return null
  const energies = bandEnergies(samples, frames)
  const bands = bandPairs + 1
  const totals = Float64Array.from({ length: frames }, (_, frame) =>
    energies.subarray(frame * bands, (frame + 1) * bands).reduce((sum, energy) => sum + energy, 0),
  )
  const threshold =
    totals.reduce((most, total) => Math.max(most, total), 0) * 10 ** (-silenceDb / 10)
  if (threshold === 0) return null
  const words = new Uint32Array(frames - 1)
  let sounding = 0
  for (let frame = 1; frame < frames; frame++) {
    if (totals[frame]! < threshold || totals[frame - 1]! < threshold) continue
    const now = frame * bands
    const before = now - bands
    if (change(energies.subarray(now, now + bands), energies.subarray(before, now)) < leastChange)
      continue
    let word = isSounding
    for (let band = 0; band < bandPairs; band++) {
      const tilt = energies[now + band]! - energies[now + band + 1]!
      const tiltBefore = energies[before + band]! - energies[before + band + 1]!
      if (tilt > tiltBefore) word |= 1 << band
    }
    words[frame - 1] = word
    sounding++
  }
  return sounding < leastFrames ? null : words
}

/** From the first sample that is not silent. */
function fromOnset(samples: Float32Array): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const threshold = peak * 10 ** (-silenceDb / 20)
  return samples.subarray(
    Math.max(
      0,
      samples.findIndex((sample) => Math.abs(sample) >= threshold),
    ),
  )
}

/** Σ |a − b| / Σ (a + b), 0 to 1 */
function change(now: Float64Array, before: Float64Array): number {
  let difference = 0
  let sum = 0
  for (let band = 0; band < now.length; band++) {
    difference += Math.abs(now[band]! - before[band]!)
    sum += now[band]! + before[band]!
  }
  return difference / sum
}

/** [frames, bands] */
function bandEnergies(samples: Float32Array, frames: number): Float64Array {
  const bands = bandPairs + 1
  const edges = Array.from({ length: bands + 1 }, (_, band) =>
    Math.round((lowHz * (highHz / lowHz) ** (band / bands) * windowSamples) / rateHz),
  )
  const window = Float64Array.from(
    { length: windowSamples },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / windowSamples),
  )
  const energies = new Float64Array(frames * bands)
  const real = new Float64Array(windowSamples)
  const imaginary = new Float64Array(windowSamples)
  // Both are real: one frame is transformed as the real part, the next as the imaginary part.
  for (let frame = 0; frame < frames; frame += 2) {
    for (let n = 0; n < windowSamples; n++) {
      real[n] = samples[frame * hop + n]! * window[n]!
      imaginary[n] = (samples[(frame + 1) * hop + n] ?? 0) * window[n]!
    }
    transform(real, imaginary)
    for (let band = 0; band < bands; band++) {
      let even = 0
      let odd = 0
      for (let k = edges[band]!; k < edges[band + 1]!; k++) {
        const mirror = windowSamples - k
        const evenReal = real[k]! + real[mirror]!
        const evenImaginary = imaginary[k]! - imaginary[mirror]!
        const oddReal = imaginary[k]! + imaginary[mirror]!
        const oddImaginary = real[mirror]! - real[k]!
        even += evenReal * evenReal + evenImaginary * evenImaginary
        odd += oddReal * oddReal + oddImaginary * oddImaginary
      }
      energies[frame * bands + band] = even
      if (frame + 1 < frames) energies[(frame + 1) * bands + band] = odd
    }
  }
  return energies
}

/** As text for a table: base64 of the words, little endian. */
export function fingerprintText(words: Uint32Array): string {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('base64')
}

export function parseFingerprint(text: string): Uint32Array {
  return new Uint32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
}
