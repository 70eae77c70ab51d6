/** What a filter bank depends on. */
export interface MelSettings {
  readonly sampleRateHz: number
  readonly fftSize: number
  readonly bands: number
  readonly lowHz: number
  readonly highHz: number
  readonly melScale: MelScale
  readonly melNorm: MelNorm
  readonly melSides: MelSides
}

/** Which formula turns Hz into mel; the two differ by up to 40 Hz in a band's centre. */
export const melScales = ['htk', 'slaney'] as const
export type MelScale = (typeof melScales)[number]

/** none: each triangle has height 1; area: each has area 1 over Hz. */
export const melNorms = ['none', 'area'] as const
export type MelNorm = (typeof melNorms)[number]

/** A triangle's sides are straight over Hz, or over mel as TensorFlow has them. */
export const melSides = ['hz', 'mel'] as const
export type MelSides = (typeof melSides)[number]

/** Triangles over the bins of a spectrum, without their zeros. */
export interface MelFilterBank {
  /** Where each triangle has its peak, [bands]. */
  readonly centresHz: Float64Array
  /** First bin of each band, [bands]. */
  readonly firstBins: Int32Array
  /** The weights of band b are weights[offsets[b]…offsets[b + 1] − 1], [bands + 1]. */
  readonly offsets: Int32Array
  readonly weights: Float64Array
}

/**
 * Triangular filters whose edges are equally far apart in mel: band b rises from edge b to its centre at edge
 * b + 1 and falls to edge b + 2, straight in Hz, with edges 0 and bands + 1 at lowHz and highHz.
 *
 *   weight(f) = max(0, min((f − left)/(centre − left), (right − f)/(right − centre)))
 *
 * with f and the edges in mel for melSides `mel`, and times 2/(right − left) in Hz with melNorm `area`. Bin k lies at k·sampleRateHz/fftSize. A band narrower than the
 * distance of two bins may have no weight at all.
 *
 * @see librosa.filters.mel, whose `htk` and `norm='slaney'` are melScale and melNorm `area`;
 *   tf.signal.linear_to_mel_weight_matrix for melSides `mel`
 */
export function melFilterBank(settings: MelSettings): MelFilterBank {
  const { sampleRateHz, fftSize, bands, melNorm } = settings
  const edgesHz = edgesOf(settings)
  const place = (frequencyHz: number) =>
    settings.melSides === 'hz' ? frequencyHz : hzToMel(frequencyHz, settings.melScale)
  const firstBins = new Int32Array(bands)
  const offsets = new Int32Array(bands + 1)
  const weights: number[] = []
  for (let band = 0; band < bands; band++) {
    const leftHz = edgesHz[band]!
    const rightHz = edgesHz[band + 2]!
    const [left, centre, right] = [place(leftHz), place(edgesHz[band + 1]!), place(rightHz)]
    const height = melNorm === 'area' ? 2 / (rightHz - leftHz) : 1
    firstBins[band] = Math.floor((leftHz * fftSize) / sampleRateHz) + 1
    for (let bin = firstBins[band]!; bin <= fftSize / 2; bin++) {
      const at = place((bin * sampleRateHz) / fftSize)
      const rise = (at - left) / (centre - left)
      const fall = (right - at) / (right - centre)
      const weight = Math.min(rise, fall)
      if (weight <= 0) break
      weights.push(weight * height)
    }
    offsets[band + 1] = weights.length
  }
  return {
    centresHz: edgesHz.slice(1, bands + 1),
    firstBins,
    offsets,
    weights: Float64Array.from(weights),
  }
}

/**
 * Hz to mel.
 *
 *   htk:     2595·log10(1 + f/700)
 *   slaney:  3f/200 below 1000 Hz, 15 + 27·ln(f/1000)/ln(6.4) from there on
 *
 * @see The HTK Book, 5.4; Slaney 1998, "Auditory Toolbox", Version 2
 */
export function hzToMel(frequencyHz: number, scale: MelScale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + frequencyHz / 700)
  if (frequencyHz < 1000) return (3 * frequencyHz) / 200
  return 15 + (27 * Math.log(frequencyHz / 1000)) / Math.log(6.4)
}

/** Mel to Hz: the inverse of hzToMel. */
export function melToHz(mel: number, scale: MelScale): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1)
  if (mel < 15) return (200 * mel) / 3
  return 1000 * Math.exp((Math.log(6.4) * (mel - 15)) / 27)
}

function edgesOf({ bands, lowHz, highHz, melScale }: MelSettings): Float64Array {
  const low = hzToMel(lowHz, melScale)
  const high = hzToMel(highHz, melScale)
  return Float64Array.from({ length: bands + 2 }, (_, edge) =>
    melToHz(low + ((high - low) * edge) / (bands + 1), melScale),
  )
}
