import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { graphBuilder } from './graph.js'
import { markForInPlace, runInPlace } from './in-place.js'

async function halves(): Promise<InferenceSession> {
  const graph = graphBuilder('halves')
  markForInPlace(graph)
  graph.input('x', 'float32', [4])
  graph.input('picked', 'int32', [1])
  graph.node('Neg', ['x'], {}, ['negated'])
  graph.output('negated', 'float32', [4])
  graph.node('Gather', ['x', 'picked'], {}, ['one'])
  graph.output('one', 'float32', [1])
  return InferenceSession.create(graph.toBytes(), { logSeverityLevel: 4 })
}

const feeds = (picked: number) => ({
  x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [4]),
  picked: new Tensor('int32', Int32Array.of(picked), [1]),
})

test('results are in the arrays given, every time', async () => {
  const session = await halves()
  const negated = new Float32Array(4)
  const one = new Float32Array(1)
  const results = {
    negated: new Tensor('float32', negated, [4]),
    one: new Tensor('float32', one, [1]),
  }
  for (const picked of [2, 0]) {
    await runInPlace(session, feeds(picked), results)
    expect([...negated]).toEqual([-1, -2, -3, -4])
    expect([...one]).toEqual([picked + 1])
  }
  await session.release()
})

test('an error of the session is passed on', async () => {
  const session = await halves()
  const results = {
    negated: new Tensor('float32', new Float32Array(4), [4]),
    one: new Tensor('float32', new Float32Array(1), [1]),
  }
  await expect(runInPlace(session, feeds(9), results)).rejects.toThrow('Gather')
  await expect(runInPlace(session, {}, results)).rejects.toThrow('x')
  await session.release()
})
