import {
  findBackend,
  getBackend,
  setBackend,
  tensor,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core'
import { tracedType } from '../backend.js'
import { registerGradients } from '../gradients/index.js'
import type { TensorFunction } from '../trace.js'
import type { Backend, BackendName, TensorValue } from './backend.js'

/**
 * Functions as they are written, one operation after the other, on a backend of TensorFlow.js.
 *
 * That backend is in use only while a function runs, and no tensor is left behind.
 *
 * @param tfjsName what TensorFlow.js calls the backend; it has been started
 */
export function eagerBackend(name: BackendName, library: string, tfjsName: string): Backend {
  return {
    name,
    library,
    async prepare(fn, spec) {
      registerGradients()
      return {
        async run(feeds, into = {}) {
          return onBackend(name, tfjsName, () => {
            const inputs: Record<string, Tensor> = {}
            for (const [input, { shape, dtype = 'float32' }] of Object.entries(spec)) {
              // Made from an array of its own: the values of a tensor may be read after the function has run.
              inputs[input] = tensor(feeds[input]!.slice() as Float32Array, [...shape], dtype)
            }
            return valuesOf(fn(inputs), into)
          })
        },
        dispose: async () => undefined,
      }
    },
  }
}

function valuesOf(
  results: ReturnType<TensorFunction>,
  into: Readonly<Record<string, Float32Array>>,
): Record<string, TensorValue> {
  return Object.fromEntries(
    Object.entries(results).map(([name, result]) => {
      const dtype = tracedType(result.dtype)
      const values = result.dataSync() as TensorValue['data']
      const target = into[name]
      target?.set(values)
      return [name, { data: target ?? values.slice(), shape: [...result.shape], dtype }]
    }),
  )
}

/** Runs with another backend in use, from a state in which no other code can see it. */
function onBackend<Result extends Record<string, TensorValue>>(
  name: BackendName,
  tfjsName: string,
  run: () => Result,
): Result {
  const previous: string | null | undefined = getBackend()
  // The backend has been started, so that this takes effect at once, though it returns a promise.
  void setBackend(tfjsName)
  try {
    let values: Result | undefined
    tidy(() => {
      values = run()
    })
    return values!
  } catch (error) {
    const kernel = error instanceof Error && /^Kernel '(\w+)' not registered/.exec(error.message)
    if (!kernel) throw error
    throw new Error(
      `the backend ${name} has no kernel ${kernel[1]}, which the function or its gradient needs; use onnx-cpu`,
      { cause: error },
    )
  } finally {
    if (previous && previous !== tfjsName && findBackend(previous)) void setBackend(previous)
  }
}
