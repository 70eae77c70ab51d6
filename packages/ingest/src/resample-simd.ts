import { kernelBase, newReaderKernel, type ReaderKernel } from './kernels/reader-kernel.js'
import { halvingTaps, halvingsOf, restOf } from './resample-halving.js'
import { halfWidth, tapFunction, type Ratio } from './resample-taps.js'

/**
 * Resampling with vectors; undefined where there are none, or where the ratio needs too many taps. See `resample`.
 *
 * The sound is cut into rows of `down` samples: a step down a column is a step of one output of the same phase, so an
 * output phase is a sum over columns of short filters along them.
 */
export function resampleSimd(samples: Float32Array, ratio: Ratio): Float32Array | undefined {
  return planOf(ratio)?.(samples)
}

/** Outputs the kernel computes at a time. */
const lanes = 24
/** Samples in a block, about: what a block needs stays in the first-level cache. */
const blockSamples = 4096
/** 4 MB. */
const mostTaps = 1_000_000

type Plan = (samples: Float32Array) => Float32Array

const plans = new Map<string, Plan | undefined>()

function planOf(ratio: Ratio): Plan | undefined {
  const key = `${ratio.up}/${ratio.down}`
  if (!plans.has(key)) {
    // A corpus has few rates; a caller that tries many must not fill the memory.
    if (plans.size >= 8) plans.clear()
    plans.set(key, makePlan(ratio))
  }
  return plans.get(key)
}

/** One filter: from samples at `input` to samples at `output`, by a ratio. */
interface Step {
  /** Address of its input, which is the output of the step before. */
  readonly input: number
  /** First input sample, for a first output. */
  start(output: number): number
  /** Input samples for a number of outputs, those of the kernel's last, unused lanes included. */
  count(outputs: number): number
  /** Filters `outputs` outputs from what lies at `input`. */
  run(outputs: number, to: number): void
}

function makePlan(ratio: Ratio): Plan | undefined {
  const halvings = halvingsOf(ratio)
  const last = restOf(ratio, halvings)
  // The filter of the whole ratio, so that only its arithmetic differs: its half length is a fraction of samples here.
  const half = halfWidth(ratio.up, ratio.down) / 2 ** halvings
  const width = 2 * Math.ceil(half) + 1
  if (last.up * width > mostTaps) return undefined
  const memory = planMemory(last, width, halvings)
  if (!memory) return undefined
  const { kernel, take } = memory

  const rounds = blockRounds(last)
  const final = resamplingStep(kernel, take, last, half, rounds)
  const steps: Step[] = [final]
  let most = final.count(rounds * last.up)
  for (let halving = halvings - 1; halving >= 0; halving--) {
    const step = halvingStep(kernel, take, ratio.down / ratio.up / 2 ** halving, most)
    most = step.count(most)
    steps.unshift(step)
  }
  const output = take(rounds * last.up + lanes)
  return (samples) => {
    const whole = new Float32Array(Math.round((samples.length * ratio.up) / ratio.down))
    const block = rounds * last.up
    for (let first = 0; first < whole.length; first += block) {
      const outputs = Math.min(block, whole.length - first)
      runSteps(kernel, steps, samples, first, outputs, output)
      whole.set(new Float32Array(kernel.memory.buffer, output, outputs), first)
    }
    return whole
  }
}

function blockRounds({ up, down }: Ratio): number {
  return lanes * Math.max(1, Math.round(blockSamples / (lanes * Math.max(up, down))))
}

/** Back from the outputs wanted to the samples needed, then forward through the filters. */
function runSteps(
  kernel: ReaderKernel,
  steps: readonly Step[],
  samples: Float32Array,
  first: number,
  outputs: number,
  output: number,
): void {
  const counts = [outputs]
  let start = first
  for (const step of [...steps].reverse()) {
    counts.unshift(step.count(counts[0]!))
    start = step.start(start)
  }
  const input = new Float32Array(kernel.memory.buffer, steps[0]!.input, counts[0]!)
  copyPadded(samples, start, input)
  steps.forEach((step, i) => step.run(counts[i + 1]!, steps[i + 1]?.input ?? output))
}

/** Samples from `start` on, with zeros outside the sound. */
function copyPadded(samples: Float32Array, start: number, into: Float32Array): void {
  const before = Math.min(into.length, Math.max(0, -start))
  const behind = Math.max(before, Math.min(into.length, samples.length - start))
  into.fill(0, 0, before)
  into.set(samples.subarray(start + before, start + behind), before)
  into.fill(0, behind)
}

/** Gives addresses one behind the other, for a number of float32 values each. */
type Take = (values: number) => number

/** A kernel with enough memory for a plan, by an estimate that is checked on taking. */
function planMemory(
  { up, down }: Ratio,
  width: number,
  halvings: number,
): { kernel: ReaderKernel; take: Take } | undefined {
  const rounds = blockRounds({ up, down })
  const input = (rounds + 2 * lanes) * down + 2 * (width + down)
  const values =
    up * (width + 3 * down) + 4 * input * 2 ** halvings + 3 * (rounds + lanes) * up + 65536
  const kernel = newReaderKernel(4 * values)
  if (!kernel) return undefined
  let next = kernelBase
  return {
    kernel,
    take(count) {
      const address = next
      next += 16 * Math.ceil(count / 4) + 16
      const missing = next + 1024 - kernel.memory.buffer.byteLength
      if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65536))
      return address
    },
  }
}

/** The last step: `resamplingTaps` of the ratio, cut into phases and columns. */
function resamplingStep(
  kernel: ReaderKernel,
  take: Take,
  { up, down }: Ratio,
  exactHalf: number,
  rounds: number,
): Step {
  const half = Math.ceil(exactHalf)
  const width = 2 * half + 1
  const tap = tapFunction(up, down, up * exactHalf)
  // Rows that a block reads: its rounds, and those that the filter of its last output reaches.
  const rowsOf = (count: number) => roundUp(count) + Math.ceil((width + 2 * down) / down)
  const stride = 4 * Math.ceil((rowsOf(rounds) + 8) / 4)
  const columns = take(stride * down + lanes)
  const phaseStride = roundUp(rounds)
  const phases = up === 1 ? 0 : take(up * phaseStride + lanes)
  const tables = Array.from({ length: up }, (_, phase) => {
    // Output `phase` of a round lies at input (phase · down) / up: a whole part and a remainder, which picks the taps.
    const start = Math.floor((phase * down) / up)
    const remainder = (phase * down) % up
    const rows: Row[] = []
    for (let first = 0; first < Math.min(down, width); first++) {
      const at = start + first
      const x = columns + 4 * ((at % down) * stride + Math.floor(at / down))
      const taps: number[] = []
      for (let k = first; k < width; k += down) taps.push(tap(remainder + (half - k) * up))
      rows.push({ x, taps })
    }
    return writeTable(kernel, take, rows)
  })
  const input = take(rowsOf(rounds) * down + lanes)
  return {
    input,
    start: (output) => (output / up) * down - half,
    count: (outputs) => rowsOf(Math.ceil(outputs / up)) * down,
    run(outputs, to) {
      const count = Math.ceil(outputs / up)
      kernel.transpose(input, down, columns, stride, rowsOf(count), down)
      tables.forEach(({ address, rows }, phase) => {
        kernel.filter(address, rows, up === 1 ? to : phases + 4 * phase * phaseStride, count)
      })
      if (up > 1) kernel.transpose(phases, phaseStride, to, up, up, count)
    },
  }
}

/** One halving: even samples through the taps, odd ones through the centre. */
function halvingStep(kernel: ReaderKernel, take: Take, rate: number, most: number): Step {
  const taps = halvingTaps(rate)
  const centre = taps.length - 1
  const rowsOf = (outputs: number) => roundUp(outputs) + taps.length + 4
  const stride = 4 * Math.ceil((rowsOf(most) + 8) / 4)
  const columns = take(2 * stride + lanes)
  const { address, rows } = writeTable(kernel, take, [
    { x: columns, taps: [...taps] },
    { x: columns + 4 * (stride + (centre - 1) / 2), taps: [0.5] },
  ])
  const input = take(2 * rowsOf(most) + lanes)
  return {
    input,
    start: (output) => 2 * output - centre,
    count: (outputs) => 2 * rowsOf(outputs),
    run(outputs, to) {
      kernel.transpose(input, 2, columns, stride, rowsOf(outputs), 2)
      kernel.filter(address, rows, to, outputs)
    },
  }
}

function roundUp(count: number): number {
  return lanes * Math.ceil(count / lanes)
}

/** A column and the taps along it. */
interface Row {
  /** Address of the value that the first tap meets. */
  readonly x: number
  readonly taps: readonly number[]
}

/** Writes what `filter` of the kernel reads. */
function writeTable(
  kernel: ReaderKernel,
  take: Take,
  rows: readonly Row[],
): { readonly address: number; readonly rows: number } {
  const address = take(3 * rows.length)
  const words: number[] = []
  for (const { x, taps } of rows) {
    const sorted =
      taps.length < 8 ? taps : [0, 1, 2, 3].flatMap((r) => taps.filter((_, u) => u % 4 === r))
    const at = take(sorted.length)
    new Float32Array(kernel.memory.buffer, at, sorted.length).set(sorted)
    words.push(x, at, taps.length)
  }
  new Uint32Array(kernel.memory.buffer, address, words.length).set(words)
  return { address, rows: rows.length }
}
