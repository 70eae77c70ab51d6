import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { call, passingFolder } from './serflow.fixture.js'

/** Packages in a folder of NODE_PATH: what a machine with the optional packages has, or has badly. */
async function packagesIn(folder: string, files: Readonly<Record<string, string>>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return { NODE_PATH: folder }
}

test('doctor says what is there, what is not and why, and that the default works', async () => {
  const folder = await passingFolder('serflow-doctor-')
  const environment = await packagesIn(join(folder, 'packages'), {
    '@tensorflow/tfjs-node/package.json': '{"name":"@tensorflow/tfjs-node"}',
    '@tensorflow/tfjs-node/index.js':
      "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: x')",
    // One that takes its process down, as a driver may.
    '@tensorflow/tfjs-backend-wasm/package.json': '{"name":"@tensorflow/tfjs-backend-wasm"}',
    '@tensorflow/tfjs-backend-wasm/index.js': 'process.abort()',
  })
  const { status, stdout } = await call(
    ['doctor', '--json', '--data', join(folder, 'not', 'yet')],
    undefined,
    environment,
  ).ended
  expect(status).toBe(0)
  const findings = JSON.parse(stdout)
  expect(findings).toMatchObject({
    ok: true,
    node: process.version,
    cpu: { simd: true },
    data: { folder: join(folder, 'not', 'yet'), writable: true },
  })
  expect(findings.onnxruntime).toMatch(/^\d+\./)
  expect(findings.memory.totalBytes).toBeGreaterThan(1e8)
  expect(findings.data.freeBytes).toBeGreaterThan(0)
  const found = new Map<string, { available: boolean; reason: string }>(
    findings.backends.map((each: { name: string }) => [each.name, each]),
  )
  expect([...found.keys()]).toEqual([
    'onnx-cpu',
    'onnx-webgpu',
    'onnx-cuda',
    'tensorflow-gpu',
    'tensorflow',
    'wasm',
  ])
  expect(found.get('onnx-cpu')!.available).toBe(true)
  expect(found.get('tensorflow-gpu')!.reason).toContain('is not installed')
  expect(found.get('tensorflow')!.reason).toContain('without its native binding')
  expect(found.get('wasm')!.reason).toBe('looking for it ended the process (SIGABRT)')
})

test('doctor in words, for people', async () => {
  const { status, stdout } = await call([
    'doctor',
    '--data',
    await passingFolder('serflow-doctor-'),
  ]).ended
  expect(status).toBe(0)
  expect(stdout).toMatch(/^node +v\d+/)
  expect(stdout).toMatch(/\n {2}onnx-cpu +there: onnxruntime-node \d/)
  expect(stdout).toMatch(/\n {2}tensorflow-gpu +not there: .*; npm install --no-save/)
  expect(stdout).toContain('A run with default settings works.')
})

test('doctor ends with 1 where results cannot be written', async () => {
  const folder = join(await passingFolder('serflow-doctor-'), 'file')
  await writeFile(folder, 'no folder')
  const { status, stdout } = await call(['doctor', '--data', join(folder, 'data')]).ended
  expect(stdout).toContain('CANNOT be written')
  expect(status).toBe(1)
})

test('a backend that is asked for and not there ends a run before it starts', async () => {
  const data = await passingFolder('serflow-doctor-')
  const asked = [
    '--data',
    data,
    '--set',
    'corpus.kind=sample',
    '--set',
    'model.train.backend=tensorflow-gpu',
  ]
  for (const command of ['run', 'plan']) {
    const { status, stderr, executed } = await call([command, ...asked]).ended
    expect(status).toBe(2)
    expect(executed).toEqual([])
    expect(stderr).toMatch(
      /backend tensorflow-gpu is not available: .* is not installed; npm install --no-save @tensorflow\/tfjs-node-gpu@/,
    )
  }
})

test('a backend that no one knows, or none alone, is refused with the names there are', async () => {
  const { status, stderr } = await call(['doctor', '--backend', 'gpu']).ended
  expect(status).toBe(2)
  expect(stderr).toBe(
    '--backend gpu: expected one of onnx-cpu, onnx-webgpu, onnx-cuda, tensorflow-gpu, tensorflow, wasm\n',
  )
})
