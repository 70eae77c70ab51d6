import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backendNames } from './backends/backend.js'
import { installCommand, peers } from './backends/peers.js'
import { gradients } from './gradients/index.js'
import { rules } from './kernels/index.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(join(root, 'docs/tfjs-onnx.md'), 'utf8')
const readme = readFileSync(join(root, 'packages/tfjs-onnx/README.md'), 'utf8')
// Below the package, from where its dependencies are found.
const folder = fileURLToPath(new URL(`../node_modules/.docs-${process.pid}`, import.meta.url))

beforeAll(() => mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the first TypeScript of a page as it stands there; what it prints. */
async function runFirstBlock(markdown: string, name: string): Promise<string> {
  const [, contents = ''] = /^```ts\n([\s\S]*?)^```/m.exec(markdown) ?? []
  const outfile = join(folder, `${name}.mjs`)
  await build({
    stdin: { contents, loader: 'ts', resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['serflow-source'],
    alias: { '@serflow/tfjs-onnx': fileURLToPath(new URL('./index.ts', import.meta.url)) },
    external: ['@tensorflow/*', 'onnxruntime-node'],
    outfile,
  })
  return execFileSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
}

test.each([
  ['page', page],
  ['readme', readme],
])('the first example of the %s works as it stands', async (name, markdown) => {
  const said = await runFirstBlock(markdown, name)
  const losses = Array.from(said.matchAll(/loss ([\d.]+)/g), ([, loss]) => Number(loss))
  expect(losses.length).toBeGreaterThan(1)
  expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!)
  const file = join(folder, name === 'page' ? 'stripes.onnx' : 'network.onnx')
  expect(existsSync(file)).toBe(true)
})

test('the page tells all backends, and the commands that add them', () => {
  for (const name of backendNames) expect(page).toContain(`| \`${name}\` |`)
  for (const { packageName } of Object.values(peers)) {
    expect(page).toContain(installCommand(packageName))
  }
})

test('the list of operations is that of the code; npx vitest run packages/tfjs-onnx/src/docs.test.ts -u writes it', async () => {
  const derived = new Set(gradients.map(({ kernelName }) => kernelName))
  const names = rules.map(({ kernelName }) => kernelName).sort()
  const rows = names.map((name) => `| ${name} | ${derived.has(name) ? 'yes' : ''} |`)
  const text =
    '# Kernels of TensorFlow.js that can be traced\n\n' +
    'Operations that TensorFlow.js makes of these work too, such as losses, convolutions of one axis and `tf.einsum`.\n\n' +
    `| kernel | gradient |\n| --- | --- |\n${rows.join('\n')}\n`
  await expect(text).toMatchFileSnapshot('../OPERATIONS.md')
})
