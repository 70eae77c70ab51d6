import { backend_util } from '@tensorflow/tfjs-core'
import { sizeOf } from '../element-type.js'

/** A filter that moves over the spatial axes of a tensor; each list has one entry an axis. */
export interface Window {
  readonly batch: number
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly filter: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** how far the first place of the filter reaches before the input, and the last one past it */
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly inChannels: number
  readonly outChannels: number
}

/** The window of a convolution or pooling over height and width. */
export function windowOf2d(info: backend_util.Conv2DInfo): Window {
  const { padInfo } = info
  return {
    batch: info.batchSize,
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [padInfo.top, padInfo.left],
    after: [padInfo.bottom, padInfo.right],
    inChannels: info.inChannels,
    outChannels: info.outChannels,
  }
}

/** The window of a convolution or pooling over depth, height and width. */
export function windowOf3d(info: backend_util.Conv3DInfo): Window {
  const { padInfo } = info
  return {
    batch: info.batchSize,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [padInfo.front, padInfo.top, padInfo.left],
    after: [padInfo.back, padInfo.bottom, padInfo.right],
    inChannels: info.inChannels,
    outChannels: info.outChannels,
  }
}

/** Where there is nothing: outside of the input. */
export const outside = -1

/**
 * What each place of the filter sees: the input position under each tap, in the order output, tap.
 *
 *   input = output·stride − before + tap·dilation,  by axis
 *
 * Positions and taps are counted over all axes, the last one fastest; `outside` is in the padding.
 */
export function seenPositions(window: Window): Int32Array {
  const { input, output, filter } = window
  const taps = coordinates(filter)
  const seen = coordinates(output).flatMap((place) =>
    taps.map((tap) => {
      const at = place.map(
        (index, axis) =>
          index * window.strides[axis]! -
          window.before[axis]! +
          tap[axis]! * window.dilations[axis]!,
      )
      return positionIn(at, input)
    }),
  )
  return Int32Array.from(seen)
}

/** As `seenPositions`, along one axis alone. */
export function seenAlong(window: Window, axis: number): Int32Array {
  const only = (sizes: readonly number[]) => [sizes[axis]!]
  return seenPositions({
    ...window,
    input: only(window.input),
    output: only(window.output),
    filter: only(window.filter),
    strides: only(window.strides),
    dilations: only(window.dilations),
    before: only(window.before),
    after: only(window.after),
  })
}

/** Input positions that are seen through the same taps. */
export interface Phase {
  /** input positions */
  readonly positions: readonly number[]
  /** taps under which one of these positions can lie */
  readonly taps: readonly number[]
  /** the output position whose filter has the input position under the tap, in the order position, tap */
  readonly places: Int32Array
}

/**
 * The other way round: for each input position, the places of the filter that see it.
 *
 *   output = (input + before − tap·dilation) / stride,  where that is whole
 *
 * Which taps can see a position depends on its remainder by the stride, so positions are grouped by it: a matrix
 * product over a phase leaves out the taps that would be zero.
 */
export function phasesOf(window: Window): Phase[] {
  const { input, output, filter, strides, dilations, before } = window
  const taps = coordinates(filter)
  const groups = new Map<string, number[]>()
  const positions = coordinates(input)
  positions.forEach((position, index) => {
    const key = position.map((at, axis) => (at + before[axis]!) % strides[axis]!).join()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [index])
    else group.push(index)
  })
  return [...groups.values()].map((group): Phase => {
    const first = positions[group[0]!]!
    const seeing = taps.flatMap((tap, index) =>
      tap.every((step, axis) => {
        const distance = first[axis]! + before[axis]! - step * dilations[axis]!
        return distance % strides[axis]! === 0
      })
        ? [index]
        : [],
    )
    const places = group.flatMap((index) =>
      seeing.map((tap) => {
        const at = positions[index]!.map(
          (position, axis) =>
            (position + before[axis]! - taps[tap]![axis]! * dilations[axis]!) / strides[axis]!,
        )
        return positionIn(at, output)
      }),
    )
    return { positions: group, taps: seeing, places: Int32Array.from(places) }
  })
}

/**
 * For each input position the places and taps that see it, as place·taps + tap; the same number of terms for all, filled
 * up with `outside`.
 *
 * @returns sources in the order position, term
 */
export function contributions(window: Window): { sources: Int32Array; terms: number } {
  const { positions } = counts(window)
  const seeing = Array.from({ length: positions }, (): number[] => [])
  seenPositions(window).forEach((position, index) => {
    if (position !== outside) seeing[position]!.push(index)
  })
  const terms = Math.max(1, ...seeing.map((sources) => sources.length))
  const sources = new Int32Array(positions * terms).fill(outside)
  seeing.forEach((list, position) => sources.set(list, position * terms))
  return { sources, terms }
}

/** All coordinates in a box of the size given, the last axis fastest. */
export function coordinates(size: readonly number[]): number[][] {
  return size.reduce<number[][]>(
    (all, length) => all.flatMap((head) => Array.from({ length }, (_, index) => [...head, index])),
    [[]],
  )
}

/** Number of positions in the input, places in the output, and taps of the filter. */
export function counts(window: Window): { positions: number; places: number; taps: number } {
  return {
    positions: sizeOf(window.input),
    places: sizeOf(window.output),
    taps: sizeOf(window.filter),
  }
}

function positionIn(at: readonly number[], size: readonly number[]): number {
  let position = 0
  for (const [axis, index] of at.entries()) {
    if (index < 0 || index >= size[axis]!) return outside
    position = position * size[axis]! + index
  }
  return position
}

/** The attributes of an ONNX operator with this window, or undefined where ONNX would count its places differently. */
export function onnxWindow(window: Window): Record<string, number[]> | undefined {
  const { input, output, filter, strides, dilations, before } = window
  const reach = filter.map((taps, axis) => (taps - 1) * dilations[axis]! + 1)
  // As far as the last place reaches, which may be less than the padding that was asked for.
  const after = output.map((places, axis) =>
    Math.max(0, (places - 1) * strides[axis]! + reach[axis]! - input[axis]! - before[axis]!),
  )
  const same = output.every((places, axis) => {
    const room = input[axis]! + before[axis]! + after[axis]! - reach[axis]!
    return places === Math.floor(room / strides[axis]!) + 1
  })
  if (!same) return undefined
  return {
    kernel_shape: [...filter],
    strides: [...strides],
    dilations: [...dilations],
    pads: [...before, ...after],
  }
}
