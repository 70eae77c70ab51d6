import type { LogMelConfig } from '../config.js'
import { hopSamples, windowSamples, windowWeights } from '../frames.js'
import { melFilterBank } from '../mel.js'
import { bendWeights } from '../savgol.js'

/** The memory begins with what calls without settings use. */
export const scratchBytes = 131072

/** Frames of a block: what they need stays in a processor's second cache. */
export const blockFrames = 64

/** Where everything lies in the kernels' memory, in bytes; each address is a multiple of 16. */
export interface SimdTables {
  readonly size: number
  /** Tables of addresses, as ../assembly/front-end.ts reads them. */
  readonly single: number
  readonly double: number
  /** A frame's bands with what makes them a multiple of 4. */
  readonly rowValues: number
  readonly frames: number
  /** Samples of a block, with one before; their pre-emphasised sound in both precisions. */
  readonly samples: number
  readonly sampleCount: number
  readonly sound32: number
  readonly sound64: number
  readonly flagged: number
  /** Log-mels and their slopes with deltaRadius rows before and behind. */
  readonly still: number
  readonly slope: number
  readonly bend: number
  readonly channels: number
  /** Weights of savgol's second slope for each radius up to deltaRadius, which short clips take. */
  readonly bendWeights: readonly number[]
  /** Writes all tables into the memory. */
  write(memory: ArrayBuffer): void
}

/**
 * How exact float32 is: a bin of the transform is off by at most about this part of the root of the frame's Σ x², and
 * that may move a band by `allowed` of itself, a magnitude by half of that. 2e-4 of a power is 9e-4 dB.
 */
const roundingError = 1e-6
const allowed = 2e-4

/** Lays out tables and buffers for some settings. */
export function simdTables(config: LogMelConfig, frames = blockFrames): SimdTables {
  const { fftSize, bands, deltaRadius } = config
  const half = fftSize / 2
  const window = windowSamples(config)
  const windowLength = nextMultiple(window, 4)
  const hop = hopSamples(config)
  const rowValues = nextMultiple(bands, 4)
  const filters = melFilterBank(config)
  const turns = turnsOf(half)
  const weights = windowWeights(config.window, window, config.windowPeriod)
  const blockRows = Math.max(frames, 4 * deltaRadius + 4)
  const sampleCount = (blockRows - 1) * hop + windowLength + 8
  // A group of four frames may begin before the last one and reach beyond.
  const soundCount = sampleCount + 3 * hop + 4
  const rows = 6 * deltaRadius + blockRows + 4

  let size = scratchBytes
  const room = (bytes: number) => {
    const at = size
    size = nextMultiple(size + bytes, 16)
    return at
  }
  const counted = { firstBins: room(4 * rowValues), binCounts: room(4 * rowValues) }
  const limits = room(4 * rowValues)
  const shared = { a: room(16 * fftSize), b: room(16 * fftSize), power: room(16 * (half + 1)) }
  const tablesOf = (bytes: number) => ({
    bytes,
    record: room(96),
    window: room(bytes * windowLength),
    turns: room(bytes * turns.length),
    split: room(bytes * 2 * (half / 2 + 1)),
    weights: room(bytes * (filters.weights.length + 4)),
  })
  const single = tablesOf(4)
  const double = tablesOf(8)
  const bendRooms = Array.from({ length: deltaRadius + 1 }, (_, radius) => room(4 * radius))
  const places = {
    samples: room(4 * (sampleCount + 8)) + 16,
    sound32: room(4 * soundCount),
    sound64: room(8 * soundCount),
    flagged: room(4 * (blockRows + 4)),
    still: room(4 * rowValues * rows),
    slope: room(4 * rowValues * rows),
    bend: room(4 * rowValues * rows),
    channels: room(4 * (3 * bands * rows + 16)),
  }

  const write = (memory: ArrayBuffer) => {
    const integers = (at: number, values: ArrayLike<number>) => {
      new Uint32Array(memory, at, values.length).set(values)
    }
    const floats = (bytes: number, at: number, values: ArrayLike<number>) => {
      const array = bytes === 4 ? Float32Array : Float64Array
      new array(memory, at, values.length).set(values)
    }
    const { firstBins, offsets } = filters
    integers(counted.firstBins, padded(firstBins, rowValues))
    const counts = firstBins.map((_, band) => offsets[band + 1]! - offsets[band]!)
    integers(counted.binCounts, padded(counts, rowValues))
    floats(4, limits, padded(limitsOf(config, filters), rowValues))
    bendRooms.forEach((at, radius) => floats(4, at, bendWeights(radius)))
    const isMagnitude = config.spectrum === 'magnitude'
    const decibels = (isMagnitude ? 20 : 10) / Math.LN10
    for (const table of [single, double]) {
      const { bytes } = table
      floats(bytes, table.window, padded(weights, windowLength))
      floats(bytes, table.turns, turns)
      floats(bytes, table.split, splitTurns(fftSize))
      floats(bytes, table.weights, filters.weights)
      integers(table.record, [
        half,
        windowLength,
        table.window,
        table.turns,
        table.split,
        counted.firstBins,
        counted.binCounts,
        table.weights,
        limits,
        rowValues,
        hop,
        shared.a,
        shared.b,
        shared.power,
        Number(isMagnitude),
      ])
      const isLn = config.log === 'ln'
      floats(8, table.record + 64, [isLn ? config.floor : 0, config.floor, isLn ? 1 : decibels])
    }
  }
  return {
    ...places,
    size,
    single: single.record,
    double: double.record,
    rowValues,
    frames: blockRows,
    sampleCount,
    bendWeights: bendRooms,
    write,
  }
}

/**
 * How small a band may be beside the frame's energy, Σ |X[k]|² over all bins, or its root for magnitudes, for float32
 * to be exact enough. With e the error of one bin, a band of power P and heaviest weight w is off by at most about
 * 2·e·√(w·P), a band of magnitudes by e·Σ weights.
 */
function limitsOf(
  { spectrum, fftSize }: LogMelConfig,
  { offsets, weights }: ReturnType<typeof melFilterBank>,
): Float64Array {
  const error = roundingError * Math.sqrt(2 / fftSize)
  return Float64Array.from({ length: offsets.length - 1 }, (_, band) => {
    const own = weights.subarray(offsets[band], offsets[band + 1])
    const sum = own.reduce((total, weight) => total + weight, 0)
    const heaviest = own.reduce((most, weight) => Math.max(most, weight), 0)
    return spectrum === 'magnitude'
      ? (2 * error * sum) / allowed
      : heaviest * ((2 * error) / allowed) ** 2
  })
}

/** As passesOf in ../fft.ts, without the last pass, which has no turn. */
function turnsOf(half: number): Float64Array {
  const turns: number[] = []
  for (let left = half; left > 4; left /= 4) {
    for (let group = 0; group < left / 4; group++) {
      for (let times = 1; times <= 3; times++) {
        const angle = (2 * Math.PI * group * times) / left
        turns.push(Math.cos(angle), -Math.sin(angle))
      }
    }
  }
  return Float64Array.from(turns)
}

function splitTurns(fftSize: number): Float64Array {
  return Float64Array.from({ length: 2 * (fftSize / 4 + 1) }, (_, index) => {
    const angle = (2 * Math.PI * (index >> 1)) / fftSize
    return index % 2 === 0 ? Math.cos(angle) : Math.sin(angle)
  })
}

function padded(values: ArrayLike<number>, length: number): Float64Array {
  const longer = new Float64Array(length)
  longer.set(values)
  return longer
}

function nextMultiple(value: number, step: number): number {
  return Math.ceil(value / step) * step
}
