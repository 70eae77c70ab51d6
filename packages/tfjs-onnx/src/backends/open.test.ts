import {
  findBackendFactory,
  ones,
  registerBackend,
  removeBackend,
  setBackend,
  type KernelBackend,
} from '@tensorflow/tfjs-core'
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import * as runtime from 'onnxruntime-node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BackendName } from './backend.js'
import { autoOrder, checkBackend, openBackend } from './open.js'
import { peers } from './peers.js'

const notInstalled = (packageName: string) =>
  Object.assign(new Error(`Cannot find module '${packageName}'\nRequire stack:\n- here`), {
    code: 'MODULE_NOT_FOUND',
  })

/** A package that registers its backend when it is loaded, and puts it in use as the native ones do. */
const loads =
  (tfjsName: string, extra: object = {}, exported: object = {}) =>
  async () => {
    const backend = Object.assign(new MathBackendCPU(), extra) as KernelBackend
    registerBackend(tfjsName, () => backend, 3)
    await setBackend(tfjsName)
    return exported
  }

const throws = (error: Error) => async () => Promise.reject(error)

/** A loader that knows only these packages; ONNX Runtime is the real one. */
const packagesOf = (known: Record<string, () => Promise<unknown>>) => (packageName: string) =>
  known[packageName]?.() ??
  (packageName === 'onnxruntime-node'
    ? Promise.resolve(runtime)
    : Promise.reject(notInstalled(packageName)))

const { packageName: gpuPackage } = peers['tensorflow-gpu']
const { packageName: cpuPackage } = peers.tensorflow

async function reasonOf(name: BackendName, known: Record<string, () => Promise<unknown>>) {
  const found = await checkBackend(name, packagesOf(known))
  return 'reason' in found ? `${found.reason}; ${found.advice}` : 'available'
}

beforeEach(() => setBackend('cpu'))
afterEach(() => {
  for (const name of ['tensorflow', 'wasm']) if (findBackendFactory(name)) removeBackend(name)
})

test('the default is there and says its version', async () => {
  const backend = await openBackend('onnx-cpu')
  expect(backend.name).toBe('onnx-cpu')
  expect(backend.library).toMatch(/^onnxruntime-node \d+\.\d+/)
})

test('a package that is not installed is named, with the command that adds it', async () => {
  expect(await reasonOf('tensorflow', {})).toBe(
    '@tensorflow/tfjs-node is not installed; npm install --no-save @tensorflow/tfjs-node@4.22.0',
  )
  expect(await reasonOf('tensorflow-gpu', {})).toContain('tfjs-node-gpu is not installed')
  expect(await reasonOf('wasm', {})).toContain(
    'npm install --no-save @tensorflow/tfjs-backend-wasm',
  )
})

test('an empty package of the same name is not an installed one', async () => {
  expect(await reasonOf('tensorflow', { [cpuPackage]: async () => ({}) })).toContain(
    'is not installed: what is found under its name makes no backend',
  )
})

test('a native package without its binding says so in words', async () => {
  // The message of @tensorflow/tfjs-node 4.22.0.
  const missing = new Error(
    'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/lib/napi-v8/tfjs_binding.node. ' +
      "\nPlease run command 'npm rebuild @tensorflow/tfjs-node --build-addon-from-source' to rebuild the native addon module.",
  )
  const said = await reasonOf('tensorflow', { [cpuPackage]: throws(missing) })
  expect(said).toContain('installed without its native binding')
  expect(said).toContain('npm rebuild @tensorflow/tfjs-node')
})

test('a missing shared library is named', async () => {
  const cuda = new Error(
    'libcudart.so.11.0: cannot open shared object file: No such file or directory',
  )
  expect(await reasonOf('tensorflow-gpu', { [gpuPackage]: throws(cuda) })).toMatch(
    /needs the shared library libcudart\.so\.11\.0.*install the CUDA/,
  )
  const own = new Error('libtensorflow.so.2: cannot open shared object file')
  expect(await reasonOf('tensorflow', { [cpuPackage]: throws(own) })).toMatch(
    /libtensorflow\.so\.2, which is not there; npm rebuild/,
  )
})

test('any other fault on loading is told in its first line', async () => {
  const odd = new Error('a dependency is broken\nand more')
  expect(await reasonOf('wasm', { [peers.wasm.packageName]: throws(odd) })).toBe(
    '@tensorflow/tfjs-backend-wasm cannot be loaded: a dependency is broken; npm rebuild @tensorflow/tfjs-backend-wasm',
  )
  const inner = Object.assign(new Error("Cannot find module 'inner'"), { code: 'MODULE_NOT_FOUND' })
  expect(await reasonOf('wasm', { [peers.wasm.packageName]: throws(inner) })).toContain(
    "cannot be loaded: Cannot find module 'inner'",
  )
})

test('a native package that sees no GPU is not tensorflow-gpu', async () => {
  expect(await reasonOf('tensorflow-gpu', { [gpuPackage]: loads('tensorflow') })).toContain(
    'TensorFlow sees no GPU',
  )
  removeBackend('tensorflow')
  const withGpu = loads('tensorflow', { isUsingGpuDevice: true })
  expect(await reasonOf('tensorflow-gpu', { [gpuPackage]: withGpu })).toBe('available')
  // Both native packages in one process clash.
  expect(await reasonOf('tensorflow', { [cpuPackage]: loads('tensorflow') })).toContain('clash')
})

test('a package of another version is refused', async () => {
  const old = loads('tensorflow', {}, { version: { 'tfjs-core': '4.0.0' } })
  expect(await reasonOf('tensorflow', { [cpuPackage]: old })).toMatch(
    /is version 4\.0\.0, but @tensorflow\/tfjs-core is 4\.22\.0; npm install/,
  )
})

test('a backend that cannot be started is not there', async () => {
  const broken = async () =>
    registerBackend('wasm', () => Promise.reject(new Error('no memory')), 2)
  expect(await reasonOf('wasm', { [peers.wasm.packageName]: broken })).toContain(
    'cannot be started',
  )
})

test('devices that ONNX Runtime cannot open, and ONNX Runtime itself missing, are values with reasons', async () => {
  const refusing = {
    ...runtime,
    InferenceSession: {
      create: async () => {
        throw new Error('/src/webgpu.cc:1 a == b was false. Failed to get a WebGPU adapter.\nmore')
      },
    },
  }
  const known = { 'onnxruntime-node': async () => refusing }
  expect(await reasonOf('onnx-webgpu', known)).toMatch(
    /^ONNX Runtime cannot open the device \(Failed to get a WebGPU adapter\); it needs a GPU/,
  )
  expect(await reasonOf('onnx-cuda', known)).toContain('ONNXRUNTIME_NODE_INSTALL=cuda12')
  const absent = { 'onnxruntime-node': throws(notInstalled('onnxruntime-node')) }
  for (const name of ['onnx-cpu', 'onnx-webgpu'] as const) {
    expect(await reasonOf(name, absent)).toContain('onnxruntime-node is not installed')
  }
  const binding = new Error(
    "Cannot find module '../bin/napi-v6/linux/x64/onnxruntime_binding.node'",
  )
  expect(await reasonOf('onnx-cpu', { 'onnxruntime-node': throws(binding) })).toContain(
    'without its native binding',
  )
})

test('auto takes the first that is there, in its stated order', async () => {
  expect(autoOrder).toEqual(['onnx-cuda', 'tensorflow-gpu', 'onnx-cpu'])
  const create: typeof runtime.InferenceSession.create = async (...given: unknown[]) => {
    const { executionProviders } = given[1] as { executionProviders: string[] }
    if (executionProviders[0] === 'cuda') throw new Error('Failed to load shared library')
    return { release: async () => undefined } as never
  }
  const noCuda = { ...runtime, InferenceSession: { create } }
  const gpu = loads('tensorflow', { isUsingGpuDevice: true })
  const onnx = async () => noCuda
  const known = { 'onnxruntime-node': onnx, [gpuPackage]: gpu }
  expect((await openBackend('auto', packagesOf(known))).name).toBe('tensorflow-gpu')
  removeBackend('tensorflow')
  expect((await openBackend('auto', packagesOf({ 'onnxruntime-node': onnx }))).name).toBe(
    'onnx-cpu',
  )
  const cuda = { create: async () => ({ release: async () => undefined }) }
  const all = { 'onnxruntime-node': async () => ({ ...runtime, InferenceSession: cuda }) }
  expect((await openBackend('auto', packagesOf(all))).name).toBe('onnx-cuda')
})

test('a backend that is asked for and not there is an error with reason and advice', async () => {
  await expect(openBackend('tensorflow', packagesOf({}))).rejects.toThrow(
    'backend tensorflow is not available: @tensorflow/tfjs-node is not installed; npm install --no-save',
  )
  await expect(openBackend('gpu' as 'auto')).rejects.toThrow(
    'there is no backend "gpu"; expected auto, onnx-cpu',
  )
})

test('looking for a backend leaves the one in use in use', async () => {
  const { getBackend } = await import('@tensorflow/tfjs-core')
  await reasonOf('tensorflow', { [cpuPackage]: loads('tensorflow') })
  expect(getBackend()).toBe('cpu')
  expect([...ones([2]).dataSync()]).toEqual([1, 1])
})
