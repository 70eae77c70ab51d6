import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { compile } from './compile.js'

test('no TensorFlow.js backend is needed, and none is left behind', async () => {
  const compiled = await compile(({ x }) => ({ y: tf.square(x!) }), { x: { shape: [1] } })
  const { y } = await compiled({ x: Float32Array.of(3) })
  expect([...y!.data]).toEqual([9])
  expect(tf.getBackend()).toBeFalsy()
  await compiled.dispose()
})
