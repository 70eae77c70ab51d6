import * as tf from '@tensorflow/tfjs-core'
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { createTrainer } from '../trainer.js'
import { convolutionExercise, headExercise, lossCurve } from './curves.fixture.js'
import { eagerBackend } from './eager.js'

// TensorFlow.js's own backend in JavaScript stands for those of the optional packages.
const plain = eagerBackend('wasm', 'plain', 'cpu')

test.each([
  ['a recurrent', headExercise()],
  ['a convolutional', convolutionExercise()],
])('the loss curve of %s network is that of onnx-cpu', async (_, exercise) => {
  const steps = 12
  const expected = await lossCurve(exercise, 'onnx-cpu', steps)
  const found = await lossCurve(exercise, plain, steps)
  expect(found[steps - 1]).toBeLessThan(found[0]!)
  found.forEach((loss, step) => expect(Math.abs(loss - expected[step]!)).toBeLessThan(1e-5))
})

test('a compiled function runs eagerly with the same values, types and shapes', async () => {
  const fn = ({ x, n }: Record<string, tf.Tensor>) => ({
    same: x!,
    wide: tf.tile(n!, [2]),
    bigger: tf.greater(x!, 1.5),
  })
  const feeds = {
    x: { data: Float32Array.of(1, 2), shape: [2] },
    n: { data: Int32Array.of(7), shape: [1] },
  }
  const onnx = await compile(fn)
  const eager = await compile(fn, undefined, { backend: plain })
  expect(await eager(feeds)).toEqual(await onnx(feeds))
  expect(eager.backend.library).toBe('plain')
  await onnx.dispose()
  await eager.dispose()
})

test('inputs are only read, results are theirs to keep, and no tensor is left', async () => {
  const same = await compile(({ x }) => ({ x: x! }), undefined, { backend: plain })
  const before = tf.memory().numTensors
  const data = Float32Array.of(1, 2)
  const { x } = await same({ x: { data, shape: [2] } })
  data[0] = 9
  expect([...x!.data]).toEqual([1, 2])
  expect(tf.memory().numTensors).toBe(before)
})

test('a kernel that the backend lacks is named', async () => {
  tf.registerBackend('bare', () => new MathBackendCPU(), 0)
  await tf.setBackend('bare')
  await tf.setBackend('cpu')
  const bare = eagerBackend('wasm', 'bare', 'bare')
  const weights = { w: { data: Float32Array.of(1), shape: [] } }
  const trainer = await createTrainer(({ w }) => tf.sum(tf.square(w!)), weights, { backend: bare })
  await expect(trainer.step({}, 0.1)).rejects.toThrow(
    'the backend wasm has no kernel Square, which the function or its gradient needs; use onnx-cpu',
  )
  tf.removeBackend('bare')
})
