/** Numbers with a shape, in row-major order. */
export interface Tensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** Number of values a shape holds; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1)
}

/**
 * Checks a tensor against a shape; -1 stands for any extent.
 *
 * @throws RangeError naming `what`, the shape found and the shape expected
 */
export function expectShape(tensor: Tensor, shape: readonly number[], what: string): void {
  const fits =
    tensor.shape.length === shape.length &&
    shape.every((extent, axis) => extent === -1 || extent === tensor.shape[axis])
  if (!fits) {
    const wanted = shape.map((extent) => (extent === -1 ? 'any' : extent)).join(', ')
    throw new RangeError(`${what} has shape [${tensor.shape.join(', ')}], expected [${wanted}]`)
  }
  if (tensor.data.length !== sizeOf(tensor.shape)) {
    throw new RangeError(
      `${what} has ${tensor.data.length} values, expected ${sizeOf(tensor.shape)} for shape [${tensor.shape.join(', ')}]`,
    )
  }
}
