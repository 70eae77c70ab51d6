import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { projectRoot } from './serflow.fixture.js'

const dist = join(projectRoot, 'pipelines/dist')

/** The packages that a module of the built program loads when it is loaded, itself or through others. */
async function loadedBy(file: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints: [join(dist, file)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
    outdir: join(dirname(dist), 'memory'),
    splitting: true,
    metafile: true,
  })
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
    entryPoint?.endsWith(file),
  )
  const queue = [entry![0]]
  for (const output of queue) {
    for (const { path, kind, external } of metafile.outputs[output]!.imports) {
      if (kind !== 'import-statement') continue
      if (external) seen.add(path)
      else if (!queue.includes(path)) queue.push(path)
    }
  }
  return seen
}

test('a run starts without the runtimes of its stages: the workers load them', async () => {
  const program = (await readdir(dist)).find((name) => /^run-command-\w+\.js$/.test(name))!
  expect(await readFile(join(dist, program), 'utf8')).toContain('runCommand')
  for (const file of ['cli.js', program]) {
    const heavy = [...(await loadedBy(file))].filter((name) => /tensorflow|onnxruntime/.test(name))
    expect(heavy, file).toEqual([])
  }
})
