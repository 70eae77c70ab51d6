import type {
  ResizeBilinearAttrs,
  ResizeNearestNeighborAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core'
import { tracedType, type TraceBackend } from '../backend.js'
import { reshapedName } from './rows.js'
import { castName, result, rule, type Rule } from './rule.js'

/** Kernels that change the size of images [batch, height, width, channels], and their gradients. */
export const imageRules: readonly Rule[] = [
  rule<ResizeBilinearAttrs>('ResizeBilinear', (trace, { images }, attributes) => {
    const [batch, height, width, channels] = images!.shape
    const [newHeight, newWidth] = attributes.size
    const columns = interpolated(
      trace,
      castName(trace, images!, 'float32'),
      2,
      linearTaps(width!, newWidth, attributes),
    )
    const rows = interpolated(trace, columns, 1, linearTaps(height!, newHeight, attributes))
    return trace.symbol(rows, [batch!, newHeight, newWidth, channels!], 'float32')
  }),
  rule<ResizeBilinearAttrs>('ResizeBilinearGrad', (trace, { images, dy }, attributes) =>
    spread(trace, dy!, images!, (size, newSize) => linearTaps(size, newSize, attributes)),
  ),
  rule<ResizeNearestNeighborAttrs>('ResizeNearestNeighbor', (trace, { images }, attributes) => {
    const { shape } = images!
    const { size } = attributes
    const picked = [1, 2].reduce((name, axis) => {
      const taps = nearestTaps(shape[axis]!, size[axis - 1]!, attributes)
      const positions = Int32Array.from(taps, ({ low }) => low)
      const indices = trace.graph.constant([positions.length], positions)
      return trace.node('Gather', [name, indices], { axis })
    }, trace.name(images!))
    return trace.symbol(picked, [shape[0]!, ...size, shape[3]!], tracedType(images!.dtype))
  }),
  rule<ResizeNearestNeighborAttrs>(
    'ResizeNearestNeighborGrad',
    (trace, { images, dy }, attributes) =>
      spread(trace, dy!, images!, (size, newSize) => nearestTaps(size, newSize, attributes)),
  ),
  rule('FlipLeftRight', (trace, { image }) => {
    const [start, end, axis, step] = [-1, -(2 ** 31), 2, -1].map((v) => trace.integers([v]))
    return result(trace, 'Slice', [trace.name(image!), start!, end!, axis!, step!], image!)
  }),
]

/** A position of the result lies between two of the input: (1 − share)·low + share·high. */
interface Taps {
  readonly low: number
  readonly high: number
  readonly share: number
}

type Alignment = Pick<ResizeBilinearAttrs, 'alignCorners' | 'halfPixelCenters'>

function linearTaps(size: number, newSize: number, alignment: Alignment): Taps[] {
  const ratio = ratioOf(size, newSize, alignment)
  return Array.from({ length: newSize }, (_, index) => {
    const at = alignment.halfPixelCenters ? ratio * (index + 0.5) - 0.5 : ratio * index
    const low = Math.max(0, Math.floor(at))
    return { low, high: Math.max(0, Math.min(size - 1, Math.ceil(at))), share: at - low }
  })
}

function nearestTaps(size: number, newSize: number, alignment: Alignment): Taps[] {
  const ratio = ratioOf(size, newSize, alignment)
  return Array.from({ length: newSize }, (_, index) => {
    const at = ratio * (alignment.halfPixelCenters ? index + 0.5 : index)
    const low = Math.min(size - 1, alignment.alignCorners ? Math.round(at) : Math.floor(at))
    return { low, high: low, share: 0 }
  })
}

/** Input positions a position of the result. */
function ratioOf(size: number, newSize: number, { alignCorners }: Alignment): number {
  return alignCorners && newSize > 1 ? (size - 1) / (newSize - 1) : size / newSize
}

function interpolated(trace: TraceBackend, x: string, axis: 1 | 2, taps: readonly Taps[]): string {
  const picked = (position: (tap: Taps) => number) => {
    const indices = trace.graph.constant([taps.length], Int32Array.from(taps, position))
    return trace.node('Gather', [x, indices], { axis })
  }
  const low = picked((tap) => tap.low)
  if (taps.every(({ low, high }) => low === high)) return low
  const shares = Float32Array.from(taps, ({ share }) => share)
  const share = trace.graph.constant(axis === 1 ? [taps.length, 1, 1] : [taps.length, 1], shares)
  const rise = trace.node('Sub', [picked((tap) => tap.high), low])
  return trace.node('Add', [low, trace.node('Mul', [rise, share])])
}

/** The gradient of the images: along each axis a product with the transposed matrix of shares. */
function spread(
  trace: TraceBackend,
  dy: TensorInfo,
  images: TensorInfo,
  tapsOf: (size: number, newSize: number) => readonly Taps[],
): TensorInfo {
  const [batch, height, width, channels] = images.shape
  const [, newHeight, newWidth] = dy.shape
  const flat = reshapedName(trace, castName(trace, dy, 'float32'), [
    batch!,
    newHeight!,
    newWidth! * channels!,
  ])
  const rows = trace.node('MatMul', [shareMatrix(trace, height!, newHeight!, tapsOf), flat])
  const apart = reshapedName(trace, rows, [batch! * height!, newWidth!, channels!])
  const columns = trace.node('MatMul', [shareMatrix(trace, width!, newWidth!, tapsOf), apart])
  return trace.symbol(reshapedName(trace, columns, images.shape), images.shape, 'float32')
}

function shareMatrix(
  trace: TraceBackend,
  size: number,
  newSize: number,
  tapsOf: (size: number, newSize: number) => readonly Taps[],
): string {
  const matrix = new Float32Array(size * newSize)
  for (const [index, { low, high, share }] of tapsOf(size, newSize).entries()) {
    // Where both are one position, the shares add up to 1, even those beyond the edge.
    if (low === high) matrix[low * newSize + index] = 1
    else {
      matrix[low * newSize + index] = 1 - share
      matrix[high * newSize + index] = share
    }
  }
  return trace.graph.constant([size, newSize], matrix)
}
