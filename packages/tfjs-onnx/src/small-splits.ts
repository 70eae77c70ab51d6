import type { GraphBuilder } from './graph.js'

/**
 * A graph in which no Split has more than `most` outputs: a larger one becomes a Split into groups, which are split
 * again. WebGPU shaders may bind as few as eight buffers, of which the input takes one.
 *
 * Only a Split whose sizes are a constant of this graph is changed; others stay as they are.
 *
 * @param most at least 2
 */
export function smallSplits(graph: GraphBuilder, most: number): GraphBuilder {
  const sizesByName = new Map<string, readonly number[]>()

  const split = (
    x: string,
    sizes: readonly number[],
    attributes: Parameters<GraphBuilder['node']>[2],
    outputs: readonly string[] | undefined,
  ): string[] => {
    if (sizes.length <= most) {
      const inputs = [x, graph.constant([sizes.length], BigInt64Array.from(sizes, BigInt))]
      return graph.node('Split', inputs, attributes, outputs ?? sizes.length)
    }
    let groupSize = most
    while (Math.ceil(sizes.length / groupSize) > most) groupSize *= most
    const starts = Array.from(
      { length: Math.ceil(sizes.length / groupSize) },
      (_, group) => group * groupSize,
    )
    const groups = starts.map((start) => sizes.slice(start, start + groupSize))
    const totals = groups.map((group) => group.reduce((a, b) => a + b, 0))
    return split(x, totals, attributes, undefined).flatMap((part, group) => {
      const start = starts[group]!
      const names = outputs?.slice(start, start + groups[group]!.length)
      if (groups[group]!.length === 1 && names === undefined) return [part]
      return split(part, groups[group]!, attributes, names)
    })
  }

  return {
    ...graph,
    constant(shape, data, type, name) {
      const made = graph.constant(shape, data, type, name)
      if (data instanceof BigInt64Array) sizesByName.set(made, Array.from(data, Number))
      return made
    },
    node(opType, inputs, attributes, outputs) {
      const sizes = opType === 'Split' ? sizesByName.get(inputs[1] ?? '') : undefined
      const count = typeof outputs === 'object' ? outputs.length : outputs
      if (sizes === undefined || sizes.length !== count || count <= most) {
        return graph.node(opType, inputs, attributes, outputs)
      }
      return split(inputs[0]!, sizes, attributes, typeof outputs === 'object' ? outputs : undefined)
    },
  }
}
