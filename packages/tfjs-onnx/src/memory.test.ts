import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Below the package, from where its dependencies are found.
const folder = fileURLToPath(
  new URL(`../node_modules/.cache/memory-${process.pid}`, import.meta.url),
)

beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: ['cycles', 'training-worker', 'terminations', 'exit'].map((name) =>
      fileURLToPath(new URL(`./memory/${name}.fixture.ts`, import.meta.url)),
    ),
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    outdir: folder,
  })
})

afterAll(() => rm(dirname(folder), { recursive: true }))

/** What a program prints, with how it ended. */
function run(name: string, ...args: string[]): Promise<{ text: string; status: unknown }> {
  return new Promise((resolve) => {
    const program = join(folder, `${name}.fixture.mjs`)
    execFile(
      process.execPath,
      ['--expose-gc', program, ...args],
      { timeout: 50_000 },
      (error, text) => resolve({ text, status: error ? (error.signal ?? error.code) : 0 }),
    )
  })
}

test('two hundred functions, and as many trainers, that are disposed of leave less than 40 MB', async () => {
  for (const kind of ['compile', 'train']) {
    const { text, status } = await run('cycles', kind)
    expect(status).toBe(0)
    // Each holds a megabyte of weights, and a session some more: what stays would show.
    const { growthBytes, cycles } = JSON.parse(text)
    expect(cycles).toBe(200)
    expect(growthBytes, kind).toBeLessThan(40e6)
  }
})

test('a worker thread may be ended at any time, also within a step', async () => {
  const { text, status } = await run('terminations')
  expect(status).toBe(0)
  expect(JSON.parse(text)).toEqual({ ended: 12, stepsInTheEnd: 5 })
})

test('the process may end while workers train', async () => {
  expect(await run('exit')).toEqual({ text: 'training', status: 7 })
})
