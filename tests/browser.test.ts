import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { passingFolder, projectRoot } from './serflow.fixture.js'

/**
 * What runs in the browser and here alike: a made signal, whose features it hands over as base64. No function of Math
 * makes the signal, so that it is the same to the bit everywhere.
 */
const program = `
import {
  createFrontEndStream, cutSegments, framedLogMels, frontEndKernel, kernelNames, logMelChannels, logMelConfig,
  segmentConfig,
} from '@serflow/features/front-end'

let state = 1
const samples = Float32Array.from({ length: 24000 }, (_, n) => {
  state = (state * 48271) % 2147483647
  const triangle = Math.abs((n % 100) - 50) / 50 - 0.5
  return n < 4000 ? 0 : (0.4 * triangle * (n % 5000)) / 5000 + (0.02 * state) / 2147483647
})
const audio = { samples, sampleRateHz: 16000 }
const base64 = ({ data }) => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return btoa(text)
}
const config = logMelConfig.parse({})
const segments = segmentConfig.parse({})
const stream = createFrontEndStream(config, segments)
export const told = {
  kernel: frontEndKernel(),
  shape: framedLogMels(audio).shape,
  streamed: [...stream.push(samples), ...stream.end()].length,
  values: Object.fromEntries(
    kernelNames.map((kernel) => [kernel, base64(logMelChannels(audio, config, { kernel }))]),
  ),
}
`

interface Told {
  readonly kernel: string
  readonly shape: readonly number[]
  readonly streamed: number
  readonly values: Readonly<Record<'plain' | 'wasm-simd', string>>
}

test('the front end for browsers reaches no module of Node', async () => {
  // A module that only Node has cannot be bundled for a browser: this fails where one is imported.
  const { text, inputs } = await bundle('browser', 'esm')
  expect(text).not.toMatch(/\b(?:from|import|require)\s*\(?\s*["'](?:node:|fs|path|crypto)/)
  expect(inputs.filter((path) => /packages\/(?!features|core)/.test(path))).toEqual([])
})

test('a browser computes what Node computes', async () => {
  const chromium = chromiumPath()
  if (!chromium) {
    console.log('browser: no Chromium in CHROMIUM or PATH; nothing was tried')
    return
  }
  const here = (await import(await nodeModule())) as { told: Told }
  const there = await runInPage(chromium)
  expect(there.kernel).toBe('wasm-simd')
  expect(there.shape).toEqual(here.told.shape)
  expect(there.streamed).toBe(here.told.streamed)
  for (const kernel of ['plain', 'wasm-simd'] as const) {
    // To the bit, and not for want of numbers.
    expect(there.values[kernel] === here.told.values[kernel]).toBe(true)
    const bytes = Uint8Array.from(Buffer.from(there.values[kernel], 'base64'))
    const values = new Float32Array(bytes.buffer)
    expect(values.length).toBeGreaterThan(100 * 64 * 3)
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(10)
  }
})

function chromiumPath(): string | undefined {
  const given = process.env.CHROMIUM
  if (given !== undefined) return existsSync(given) ? given : undefined
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}

/** Runs the program in a page that shows what it tells, and reads the page. */
async function runInPage(chromium: string): Promise<Told> {
  const folder = await passingFolder('serflow browser ')
  const { text } = await bundle('browser', 'iife')
  const page = join(folder, 'page.html')
  // In a file, a module would be refused as of another origin; </script> must not end the script.
  const script = text.replaceAll('</script', '<\\/script')
  const show = 'document.body.textContent = JSON.stringify(serflow.told)'
  await writeFile(
    page,
    `<!doctype html><meta charset="utf-8"><body>none<script>${script};${show}</script>`,
  )
  const { stdout, stderr, error } = spawnSync(
    chromium,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--dump-dom',
      pathToFileURL(page).href,
    ],
    { encoding: 'utf8', maxBuffer: 1e8 },
  )
  if (error) throw error
  const [, json] = /<body>(\{.*\})\s*<\/body>/s.exec(stdout) ?? []
  if (json === undefined) throw new Error(`the page shows no result: ${stdout}\n${stderr}`)
  return JSON.parse(json) as Told
}

/** The program as a module that Node can import. */
async function nodeModule(): Promise<string> {
  const path = join(await passingFolder('serflow bundle '), 'program.mjs')
  await writeFile(path, (await bundle('node', 'esm')).text)
  return pathToFileURL(path).href
}

async function bundle(platform: 'browser' | 'node', format: 'esm' | 'iife') {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, loader: 'js', resolveDir: projectRoot },
    bundle: true,
    platform,
    format,
    globalName: 'serflow',
    write: false,
    metafile: true,
    conditions: ['serflow-source'],
    logLevel: 'silent',
  })
  return { text: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs) }
}
