import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('the entry for browsers reaches no module of Node', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('front-end.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['serflow-source'],
    logLevel: 'silent',
  })
  const [bundle] = outputFiles
  expect(bundle?.text).not.toMatch(/\b(require|import)\s*\(|from\s*["']|\bBuffer\b|\bprocess\./)
})

test('the bundle computes features in a scope that has nothing of Node', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { framedLogMels, frontEndKernel } from './front-end.ts'
        const samples = Float32Array.from({ length: 16000 }, (_, n) => Math.sin(n / 9))
        result = { shape: framedLogMels({ samples, sampleRateHz: 16000 }).shape, kernel: frontEndKernel() }`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    conditions: ['serflow-source'],
    logLevel: 'silent',
  })
  const { runInNewContext } = await import('node:vm')
  const scope = { result: undefined, atob }
  runInNewContext(outputFiles[0]!.text, scope)
  expect(scope.result).toEqual({ shape: [3, 64, 64, 3], kernel: 'wasm-simd' })
})
