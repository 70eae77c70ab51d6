import { graphBuilder, type GraphBuilder } from './graph.js'

/** A graph with each element type, kind of attribute and kind of dimension that the builder writes. */
export function everythingGraph(): GraphBuilder {
  const graph = graphBuilder('everything')
  graph.input('x', 'float32', ['batch', 4])
  const constants = [
    graph.constant([2, 2], Float32Array.of(0.5, -1, 2, 3)),
    graph.constant([4], Float64Array.of(1, 2, 3, 4)),
    graph.constant([4], Int32Array.of(-1, 0, 1, 2)),
    graph.constant([4], BigInt64Array.of(-(2n ** 40n), 0n, 1n, 2n ** 40n)),
    graph.constant([4], Uint8Array.of(0, 1, 1, 0), 'bool'),
    graph.constant([4], Uint8Array.of(0, 127, 128, 255)),
  ]
  const flat = graph.constant([1], BigInt64Array.of(4n))
  const floats = constants.map((constant) => {
    const [cast] = graph.node('Cast', [constant], { to: 1 })
    return graph.node('Reshape', [cast!, flat])[0]!
  })
  const [sum] = graph.node('Sum', ['x', ...floats])
  const [leaky] = graph.node('LeakyRelu', [sum!], { alpha: { float: 0.125 } })
  const low = graph.constant([], Float32Array.of(-1e6))
  const [clipped] = graph.node('Clip', [leaky!, low, ''])
  const halves = graph.node('Split', [clipped!], { axis: -1 }, 2)
  const [columns] = graph.node('ReduceMax', [halves[1]!], { axes: [-1], keepdims: 1 })
  graph.node('Concat', [...halves, columns!], { axis: 1 }, ['y'])
  graph.output('y', 'float32', ['batch', 5])
  graph.metadata('labels', 'ängstlich,neutral')
  return graph
}
