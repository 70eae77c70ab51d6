import type { LogMelConfig } from '../config.js'
import { emphasisedAt, endOf, type Excerpt } from '../excerpt.js'
import { frameStart, windowSamples, type FrameRange } from '../frames.js'
import { fittingRadius } from '../savgol.js'
import { knownFrames, type ChannelBlock, type FrameBlock, type FrontEndKernel } from './kernel.js'
import { perSettings } from './per-settings.js'
import { allFinite, moments } from './simd-samples.js'
import type { WasmMemory } from './web-assembly.js'
import { simdTables, type SimdTables } from './simd-tables.js'

/** What ../assembly/front-end.ts exports; addresses in bytes, counts in values. */
export interface FrontEndWasm {
  allFinite(x: number, count: number): number
  moments(x: number, bounds: number, parts: number, target: number): void
  preEmphasise32(x: number, y: number, count: number, factor: number): void
  preEmphasise64(x: number, y: number, count: number, factor: number): void
  logMel32(table: number, y: number, frames: number, target: number, flagged: number): number
  logMel64(table: number, y: number, list: number, count: number, target: number): void
  slope(
    rows: number,
    target: number,
    values: number,
    rowBytes: number,
    radius: number,
    scale: number,
  ): void
  bend(
    rows: number,
    target: number,
    values: number,
    rowBytes: number,
    radius: number,
    weights: number,
  ): void
  interleave(
    a: number,
    b: number,
    c: number,
    target: number,
    rows: number,
    rowBytes: number,
    bands: number,
  ): void
}

const pageBytes = 65536

/** The kernels over one memory, which grows to what a block needs and holds the tables of the last settings. */
export function simdKernel(wasm: FrontEndWasm, memory: WasmMemory): FrontEndKernel {
  const tablesFor = perSettings((config) => simdTables(config))
  let written: SimdTables | undefined

  const tablesOf = (config: LogMelConfig): SimdTables => {
    const tables = tablesFor(config)
    if (tables === written) return tables
    reserve(tables.size)
    tables.write(memory.buffer)
    written = tables
    return tables
  }
  const reserve = (bytes: number) => {
    const missing = bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
  }
  const floats = (at: number, count: number) => new Float32Array(memory.buffer, at, count)

  /** Writes the log-mels of a block's frames, tables.frames at most, to `target`. */
  const blockLogMels = (
    excerpt: Excerpt,
    { start, end }: FrameRange,
    config: LogMelConfig,
    target: number,
  ): void => {
    const tables = tablesOf(config)
    const sound = loadSamples(excerpt, { start, end }, config, tables)
    wasm.preEmphasise32(tables.samples, sound.inside32, sound.count, config.preEmphasis)
    fillOutside(floats(tables.sound32, sound.length), sound, excerpt, config)
    const flagged = wasm.logMel32(
      tables.single,
      tables.sound32,
      end - start,
      target,
      tables.flagged,
    )
    if (flagged === 0) return
    wasm.preEmphasise64(tables.samples, sound.inside64, sound.count, config.preEmphasis)
    const exact = new Float64Array(memory.buffer, tables.sound64, sound.length)
    fillOutside(exact, sound, excerpt, config)
    wasm.logMel64(tables.double, tables.sound64, tables.flagged, flagged, target)
  }

  /** Copies what the frames cover of the clip, and the sample before, into the memory. */
  const loadSamples = (
    excerpt: Excerpt,
    { start, end }: FrameRange,
    config: LogMelConfig,
    tables: SimdTables,
  ) => {
    const from = frameStart(start, config)
    const to = frameStart(end - 1, config) + windowSamples(config)
    const total = excerpt.total ?? endOf(excerpt)
    const low = Math.min(Math.max(0, from), total)
    const high = Math.max(low, Math.min(to, total))
    const { samples, first } = excerpt
    const inside = samples.subarray(low - first, high - first)
    const place = floats(tables.samples - 4, inside.length + 1)
    place[0] = samples[Math.max(0, low - 1) - first]!
    place.set(inside, 1)
    return {
      from,
      low,
      high,
      count: high - low,
      // The window is read up to the next multiple of 4.
      length: to - from + 4,
      inside32: tables.sound32 + 4 * (low - from),
      inside64: tables.sound64 + 8 * (low - from),
    }
  }

  const fillOutside = (
    sound: Float32Array | Float64Array,
    { from, low, high }: { readonly from: number; readonly low: number; readonly high: number },
    excerpt: Excerpt,
    config: LogMelConfig,
  ): void => {
    for (let i = from; i < low; i++) sound[i - from] = emphasisedAt(i, excerpt, config)
    const end = from + sound.length - 4
    for (let i = high; i < end; i++) sound[i - from] = emphasisedAt(i, excerpt, config)
    sound.fill(0, end - from)
  }

  const logMels = (excerpt: Excerpt, frames: FrameRange, config: LogMelConfig): Float32Array => {
    const { bands } = config
    const tables = tablesOf(config)
    const data = new Float32Array((frames.end - frames.start) * bands)
    for (let start = frames.start; start < frames.end; start += tables.frames) {
      const end = Math.min(frames.end, start + tables.frames)
      blockLogMels(excerpt, { start, end }, config, tables.still)
      for (let frame = start; frame < end; frame++) {
        const row = floats(tables.still + 4 * (frame - start) * tables.rowValues, bands)
        data.set(row, (frame - frames.start) * bands)
      }
    }
    return data
  }

  const channels = (excerpt: Excerpt, block: FrameBlock, config: LogMelConfig): ChannelBlock => {
    const { frames, history } = block
    const tables = tablesOf(config)
    const { rowValues } = tables
    const radius = config.deltaRadius
    const rowBytes = 4 * rowValues
    const before = history?.frames ?? 0
    const count = before + frames.end - frames.start
    const still = tables.still + radius * rowBytes
    if (history) floats(still, history.rows.length).set(history.rows)
    if (frames.start < frames.end) {
      blockLogMels(excerpt, frames, config, still + before * rowBytes)
    }
    const known = slopes(tables, count, block, config)
    const rows = known.end - known.start
    const offset = (radius + known.start) * rowBytes
    wasm.interleave(
      tables.still + offset,
      tables.slope + offset,
      tables.bend + offset,
      tables.channels,
      rows,
      rowBytes,
      config.bands,
    )
    const kept = Math.min(count, 4 * radius)
    return {
      data: floats(tables.channels, rows * config.bands * 3),
      history: {
        rows: floats(still + (count - kept) * rowBytes, kept * rowValues).slice(),
        frames: kept,
      },
    }
  }

  /** Slope and bend of the rows that are known, at the same places as the log-mels. */
  const slopes = (
    tables: SimdTables,
    count: number,
    { isFirst, isLast }: Pick<FrameBlock, 'isFirst' | 'isLast'>,
    config: LogMelConfig,
  ): FrameRange => {
    const { rowValues } = tables
    const radius = config.deltaRadius
    const rowBytes = 4 * rowValues
    const at = (array: number, row: number) => array + (radius + row) * rowBytes
    /** Row `from` again in the rows first…end − 1. */
    const repeat = (array: number, from: number, first: number, end: number) => {
      for (let row = first; row < end; row++) {
        floats(at(array, row), rowValues).set(floats(at(array, from), rowValues))
      }
    }
    const known = knownFrames(count, { isFirst, isLast }, config)
    if (config.slopes === 'savgol') {
      const fitting = fittingRadius({ shape: [count] }, radius)
      for (const array of [tables.slope, tables.bend]) {
        if (fitting === 0) floats(at(array, 0), count * rowValues).fill(0)
      }
      if (fitting === 0) return known
      const values = (count - 2 * fitting) * rowValues
      const first = at(tables.still, fitting)
      wasm.slope(first, at(tables.slope, fitting), values, rowBytes, fitting, lineScale(fitting))
      const weights = tables.bendWeights[fitting]!
      wasm.bend(first, at(tables.bend, fitting), values, rowBytes, fitting, weights)
      for (const array of [tables.slope, tables.bend]) {
        if (isFirst) repeat(array, fitting, 0, fitting)
        if (isLast) repeat(array, count - 1 - fitting, count - fitting, count)
      }
      return known
    }
    let from = isFirst ? 0 : radius
    let to = isLast ? count : count - radius
    for (const [source, target] of [
      [tables.still, tables.slope],
      [tables.slope, tables.bend],
    ] as const) {
      if (isFirst) repeat(source, 0, -radius, 0)
      if (isLast) repeat(source, count - 1, count, count + radius)
      const values = Math.max(0, to - from) * rowValues
      wasm.slope(at(source, from), at(target, from), values, rowBytes, radius, lineScale(radius))
      if (!isFirst) from += radius
      if (!isLast) to -= radius
    }
    return known
  }

  return {
    name: 'wasm-simd',
    logMels,
    channels,
    allFinite: (samples) => allFinite(wasm, memory, samples),
    moments: (samples, bounds) => moments(wasm, memory, samples, bounds),
  }
}

/** 1/(2·Σ k²), k = 1…radius */
function lineScale(radius: number): number {
  return 3 / (radius * (radius + 1) * (2 * radius + 1))
}
