import { backendNames, graphBackendNames } from '@serflow/tfjs-onnx'
import { expect, test } from 'vitest'
import { embeddingBackends, trainingBackends } from './backend-names.js'

test('every backend there is can be set, in the same order', () => {
  expect(trainingBackends).toEqual([...backendNames, 'auto'])
  expect(embeddingBackends).toEqual(graphBackendNames)
})
