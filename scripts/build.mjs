/**
 * Builds everything that runs: WebAssembly kernels, each package's dist, the serflow command, its workers, and one
 * bundle a stage with the digest of its code. The root's `prepare` calls this, so `npm ci` leaves a working command.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const pipelines = join(root, 'pipelines')
const out = join(pipelines, 'dist')

/** Our own packages are bundled, from source; all others stay imports. */
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['serflow-source'],
  logLevel: 'warning',
  plugins: [
    {
      name: 'packages-stay-imports',
      setup(setup) {
        setup.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
          kind === 'entry-point' || path.startsWith('@serflow/')
            ? undefined
            : { path, external: true },
        )
      },
    },
  ],
}

/**
 * Modules that open the runtimes, each a bundle of its own: what two entries share is loaded by both as a whole, and a
 * run would start with the runtimes that its workers need.
 */
const apart = ['doctor-command', 'open-backends', 'predict-command']

buildKernels()
if (!process.argv.includes('--bundles-only')) buildLibraries()
await bundleStages()
await bundleProgram()

/** Each package that has kernels has a script that compiles them. */
function buildKernels() {
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const script = join(root, 'packages', name, 'scripts/build-kernels.mjs')
    if (existsSync(script))
      execFileSync(process.execPath, [script], { stdio: 'inherit', cwd: root })
  }
}

function buildLibraries() {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b'], {
    stdio: 'inherit',
    cwd: root,
  })
}

async function bundleProgram() {
  const stayImports = {
    name: 'modules-apart-stay-imports',
    setup(setup) {
      setup.onResolve({ filter: new RegExp(`^\\./(${apart.join('|')})\\.js$`) }, ({ path }) => ({
        path,
        external: true,
      }))
    },
  }
  const shared = await build({
    ...common,
    plugins: [stayImports, ...common.plugins],
    metafile: true,
    entryPoints: {
      cli: join(pipelines, 'src/cli.ts'),
      worker: join(pipelines, 'src/runner/worker.ts'),
      'measure-worker': join(pipelines, 'src/inspect/measure-worker.ts'),
    },
    outdir: out,
    splitting: true,
    // Beside the entry: workspace.ts finds its files from where it lies.
    chunkNames: '[name]-[hash]',
  })
  const others = await build({
    ...common,
    metafile: true,
    entryPoints: apart.map((name) => join(pipelines, 'src', `${name}.ts`)),
    outdir: out,
  })
  const outputs = { ...shared.metafile.outputs, ...others.metafile.outputs }
  const made = new Set(Object.keys(outputs).map((path) => basename(path)))
  for (const name of readdirSync(out)) {
    if (name.endsWith('.js') && !made.has(name)) rmSync(join(out, name))
  }
}

async function bundleStages() {
  const folder = join(pipelines, 'src/stages')
  const entries = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
  const options = { ...common, entryPoints: entries.map((name) => join(folder, name)) }
  const readable = await build({ ...options, outdir: 'memory', write: false })
  // Comments, layout and local names are gone from this one: its digest is the digest of what the code does.
  const bare = await build({
    ...options,
    outdir: 'memory',
    write: false,
    minify: true,
    legalComments: 'none',
    metafile: true,
  })
  const packages = {}
  const stages = {}
  for (const [path, { imports }] of Object.entries(bare.metafile.outputs)) {
    const file = outputNamed(bare, basename(path))
    const versions = {}
    for (const name of imports.map((each) => packageName(each.path))) {
      if (name) versions[name] = packages[name] = versionOf(name)
    }
    const sorted = Object.entries(versions).sort(([left], [right]) => (left < right ? -1 : 1))
    const digest = createHash('sha256')
      .update(file.contents)
      .update(JSON.stringify(sorted))
      .digest('hex')
    // A run that is going on loads its stages by these names: what it was planned with, whatever is built meanwhile.
    const name = `${basename(path, '.js')}-${digest.slice(0, 16)}.js`
    stages[basename(path, '.js')] = { digest, file: name }
    writeWhole(join(out, 'stages', name), outputNamed(readable, basename(path)).contents)
  }
  forgetOldStages(new Set(Object.values(stages).map(({ file }) => file)))
  const ordered = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeWhole(join(out, 'stages.json'), JSON.stringify({ stages, packages: ordered }, null, 1))
}

/** No run lasts longer than a week. */
function forgetOldStages(current) {
  const folder = join(out, 'stages')
  for (const name of readdirSync(folder)) {
    const ageDays = (Date.now() - statSync(join(folder, name)).mtimeMs) / 86_400_000
    if (!current.has(name) && ageDays > 7) rmSync(join(folder, name))
  }
}

function outputNamed({ outputFiles }, name) {
  return outputFiles.find((each) => each.path.endsWith(`/${name}`))
}

/** A reader sees the old file or the new one, never half of it. */
function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}.tmp`, content)
  renameSync(`${path}.${process.pid}.tmp`, path)
}

/** `@scope/name/inner` to `@scope/name`; nothing for Node's own modules. */
function packageName(path) {
  if (path.startsWith('node:')) return undefined
  const parts = path.split('/')
  return path.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
}
