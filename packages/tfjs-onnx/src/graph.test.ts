import { createHash } from 'node:crypto'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { graphBuilder } from './graph.js'
import { readModelMetadata } from './metadata.js'
import { readFields } from './protobuf.js'
import { everythingGraph } from './graph.fixture.js'
import golden from '../../../tests/golden/tfjs-onnx/graph.json' with { type: 'json' }

function affine() {
  const graph = graphBuilder('affine')
  graph.input('x', 'float32', ['batch', 2])
  const weights = graph.constant([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))
  const bias = graph.constant([3], Float32Array.of(10, 20, 30))
  const [product] = graph.node('MatMul', ['x', weights])
  graph.node('Add', [product!, bias], {}, ['y'])
  graph.output('y', 'float32', ['batch', 3])
  return graph
}

/** The nodes, constants and names in a model, read back from its bytes. */
function contents(bytes: Uint8Array) {
  const graph = [...readFields(bytes)].find((field) => field.number === 7)?.value
  const fields = [...readFields(graph as Uint8Array)]
  return {
    nodes: fields.filter((field) => field.number === 1).length,
    constants: fields.filter((field) => field.number === 5).length,
  }
}

test('a graph runs in onnxruntime, with any size of its named dimension', async () => {
  const session = await InferenceSession.create(affine().toBytes())
  for (const batch of [1, 2]) {
    const x = new Tensor('float32', new Float32Array(2 * batch).fill(1), [batch, 2])
    const { y } = await session.run({ x })
    expect(y!.dims).toEqual([batch, 3])
    expect([...(y!.data as Float32Array)].slice(0, 3)).toEqual([15, 27, 39])
  }
  await session.release()
})

test('a float, a string and a list reach the operator as given', async () => {
  const graph = graphBuilder('attributes')
  graph.input('x', 'float32', [1, 2])
  const [scaled] = graph.node('LeakyRelu', ['x'], { alpha: { float: 0.25 } })
  const [turned] = graph.node('Transpose', [scaled!], { perm: [1, 0] })
  const depth = graph.constant([], BigInt64Array.of(0n))
  const [gathered] = graph.node(
    'GatherElements',
    [turned!, graph.node('Cast', [turned!], { to: 7 })[0]!],
    { axis: -2 },
  )
  graph.node('Add', [gathered!, graph.node('Cast', [depth], { to: 1 })[0]!], {}, ['y'])
  graph.output('y', 'float32', [2, 1])
  const session = await InferenceSession.create(graph.toBytes())
  const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(-4, 0), [1, 2]) })
  // -4 · 0.25 = -1, an index from the end: the last of [-1, 0]; 0 is the first.
  expect([...(y!.data as Float32Array)]).toEqual([0, -1])
  await session.release()
})

test('the same calls give the same bytes', () => {
  expect(affine().toBytes()).toEqual(affine().toBytes())
})

test('the bytes are those that onnx.checker accepted and onnxruntime for Python ran', () => {
  const digest = createHash('sha256').update(everythingGraph().toBytes()).digest('hex')
  expect(digest).toBe(golden.sha256)
  expect(golden.checked).toBe(true)
})

test('equal constants are stored once, unless they have names', () => {
  const graph = graphBuilder('shared')
  const first = graph.constant([2], Float32Array.of(1, 2))
  expect(graph.constant([2], Float32Array.of(1, 2))).toBe(first)
  expect(graph.constant([1, 2], Float32Array.of(1, 2))).not.toBe(first)
  expect(graph.constant([2], Int32Array.of(1, 2))).not.toBe(first)
  expect(graph.constant([2], Float32Array.of(1, 2), 'float32', 'named')).toBe('named')
})

test('0 and -0 are different constants', () => {
  const graph = graphBuilder('zeros')
  expect(graph.constant([], Float32Array.of(0))).not.toBe(graph.constant([], Float32Array.of(-0)))
})

test('what no output needs is left out', () => {
  const graph = affine()
  const before = contents(graph.toBytes())
  graph.node('Exp', [graph.constant([1], Float32Array.of(7))])
  expect(contents(graph.toBytes())).toEqual(before)
  expect(before).toEqual({ nodes: 2, constants: 2 })
})

test('metadata is read back, the last value of a key counts', () => {
  const graph = affine()
  graph.metadata('labels', 'fröhlich,traurig')
  graph.metadata('rate', '1')
  graph.metadata('rate', '16000')
  expect(readModelMetadata(graph.toBytes())).toEqual({ labels: 'fröhlich,traurig', rate: '16000' })
})

test('metadata of bytes that are no model is an error that says so', () => {
  expect(() => readModelMetadata(new TextEncoder().encode('not a model'))).toThrow(/not a/)
  expect(() => readModelMetadata(new Uint8Array())).toThrow('not an ONNX model')
  expect(() => readModelMetadata(affine().toBytes().subarray(0, 60))).toThrow('damaged')
})

test('a node that reads an unknown value is an error', () => {
  expect(() => graphBuilder('g').node('Exp', ['nothing'])).toThrow('Exp reads "nothing"')
})

test('a name given twice is an error', () => {
  const graph = graphBuilder('g')
  graph.input('x', 'float32', [])
  expect(() => graph.constant([], Float32Array.of(1), 'float32', 'x')).toThrow('"x" is taken')
})

test('an unknown or repeated output is an error, and so is a graph without one', () => {
  const graph = graphBuilder('g')
  expect(() => graph.output('y', 'float32', [])).toThrow('no value is called "y"')
  expect(() => graph.toBytes()).toThrow('no output')
  graph.output(graph.input('x', 'float32', []), 'float32', [])
  expect(() => graph.output('x', 'float32', [])).toThrow('an output already')
})

test('values that do not fill the shape are an error', () => {
  expect(() => graphBuilder('g').constant([2, 2], Float32Array.of(1))).toThrow(
    '[2, 2] has 4 elements, but 1 values',
  )
})

test('a fraction as an integer attribute is an error that says how to write a float', () => {
  const graph = graphBuilder('g')
  graph.input('x', 'float32', [])
  expect(() => graph.node('LeakyRelu', ['x'], { alpha: 0.1 })).toThrow('{ float: 0.1 }')
})
