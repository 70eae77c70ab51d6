import { spawnSync } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { embeddingSet, logMelSet, manifestTable, predictionsTable } from '@serflow/core'
import { framedLogMels } from '@serflow/features'
import { readAudioFile } from '@serflow/ingest'
import { beforeAll, expect, test } from 'vitest'
import { clip, passingFolder, projectRoot, sampleWorkspace } from './serflow.fixture.js'
import type { Workspace } from './serflow.fixture.js'

/** The blocks of code in a document, word for word. */
async function blocksOf(path: string): Promise<readonly { language: string; code: string }[]> {
  const text = await readFile(join(projectRoot, path), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }))
}

/** Runs blocks in one Python process, SQL through DuckDB, and then says what the variables hold. */
const pythonRunner = `
import base64, json, sys
import duckdb
blocks = json.load(open(sys.argv[1]))
names, tables = {}, []
for block in blocks:
    if block['language'] == 'python':
        exec(block['code'], names)
    else:
        tables.append(duckdb.sql(block['code']).fetchall())
log_mels = names['log_mels']
print(json.dumps({
    'tables': tables,
    'clip': names['clip'],
    'shape': log_mels.shape,
    'owns': bool(log_mels.flags.owndata),
    'values': base64.b64encode(log_mels.tobytes()).decode(),
    'seconds': names['seconds'].tolist(),
    'about': names['about'],
    'x': [names['x'].shape, names['x'][0].tolist()],
    'emotions': names['emotions'],
    'by_emotion': names['by_emotion'],
}))
`

interface Told {
  readonly tables: readonly (readonly (readonly unknown[])[])[]
  readonly clip: string
  readonly shape: readonly number[]
  readonly owns: boolean
  readonly values: string
  readonly seconds: readonly number[]
  readonly about: { readonly rowTimes: object; readonly settings: object }
  readonly x: readonly [readonly number[], readonly number[]]
  readonly emotions: readonly string[]
  readonly by_emotion: readonly (readonly [string, number, number])[]
}

let workspace: Workspace
beforeAll(async () => {
  workspace = await sampleWorkspace()
  const { status, stderr } = await workspace.run('--set', 'name=ravdess')
  if (status !== 0) throw new Error(stderr)
})

/** The folder in which a user calls the command, with the workspace as its data folder. */
async function projectFolder(): Promise<string> {
  const folder = await passingFolder('serflow réaders ')
  await symlink(workspace.folder, join(folder, 'data'))
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

test('the examples for Python and SQL run as they are, and read what was written', async () => {
  const there = spawnSync('python3', ['-c', 'import duckdb, numpy, pyarrow, pyarrow.dataset'])
  if (there.status !== 0) {
    console.log('readers: python3 with pyarrow and duckdb is not there; nothing was tried')
    return
  }
  const folder = await projectFolder()
  const blocks = await blocksOf('docs/reading-artefacts.md')
  await writeFile(
    join(folder, 'blocks.json'),
    JSON.stringify(blocks.filter(({ language }) => ['python', 'sql'].includes(language))),
  )
  const { status, stdout, stderr } = spawnSync(
    'python3',
    ['-c', pythonRunner, join(folder, 'blocks.json')],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 },
  )
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const told = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Told

  const logMels = await logMelSet.decode(await artefactBytes('log-mel[speaker=01]'))
  const [first] = logMels.clips
  expect(told.clip).toBe(first!.clipId)
  expect(told.shape).toEqual(first!.tensor.shape)
  const { data } = first!.tensor
  expect(Buffer.from(told.values, 'base64').equals(Buffer.from(data.slice().buffer))).toBe(true)
  expect(told.owns).toBe(false)
  const { hopSamples, sampleRateHz } = logMels.rowTimes
  expect(told.seconds).toEqual(
    Array.from({ length: told.shape[0]! }, (_, frame) => {
      return (first!.startSample + frame * hopSamples) / sampleRateHz
    }),
  )
  expect(told.about).toMatchObject({ rowTimes: logMels.rowTimes, settings: logMels.settings })

  const embeddings = await embeddingSet.decode(await artefactBytes('embeddings[speaker=01]'))
  const [opening] = embeddings.clips.filter(({ effects }) => effects === '')
  const { tensor } = opening!
  const [segments, dimension] = tensor.shape as [number, number]
  expect(told.x[0]).toEqual([24, dimension])
  told.x[1].forEach((value, at) => {
    let sum = 0
    for (let segment = 0; segment < segments; segment++) {
      sum += tensor.data[segment * dimension + at]!
    }
    expect(value).toBeCloseTo(sum / segments, 4)
  })

  const manifest = await manifestTable.decode(await published('manifest.parquet'))
  const used = manifest.filter(({ status }) => status === 'used')
  const emotions = [...new Set(used.map(({ emotion }) => emotion!))].sort()
  const counts = emotions.map((emotion) => [
    emotion,
    used.filter((row) => row.emotion === emotion).length,
  ])
  const [recalls, leftOut, mistakes] = told.tables
  expect(recalls!.map(([truth, clips]) => [truth, clips])).toEqual(counts)
  const predictions = await predictionsTable.decode(await published('predictions.parquet'))
  const wrong = predictions.filter(({ truth, prediction }) => truth !== prediction)
  expect(leftOut).toEqual([])
  expect(mistakes).toHaveLength(Math.min(10, wrong.length))
  expect(told.emotions).toHaveLength(24)
  expect(told.by_emotion.map(([emotion, clips]) => [emotion, clips])).toEqual(counts)
})

test('the example for TypeScript runs as it is', async () => {
  const [block] = (await blocksOf('docs/reading-artefacts.md')).filter(
    ({ language }) => language === 'ts',
  )
  const folder = await projectFolder()
  await writeFile(join(folder, 'log-mel.arrow'), await artefactBytes('log-mel[speaker=01]'))
  const printed = await runTypeScript(block!.code, folder)
  const [first] = (await logMelSet.decode(await artefactBytes('log-mel[speaker=01]'))).clips
  const start = first!.startSample / 16000
  expect(printed).toBe(`[ ${first!.tensor.shape.join(', ')} ] ${start} 24\n`)
})

test('the example of the README gets from a file to segments', async () => {
  const [block] = (await blocksOf('README.md')).filter(({ language }) => language === 'ts')
  expect(block!.code.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  const folder = await passingFolder('serflow réadme ')
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  const recording = join(folder, 'recording.wav')
  await writeFile(recording, clip('03-01-05-01-02-01-12.wav'))
  const printed = await runTypeScript(block!.code, folder)
  const { shape } = framedLogMels(await readAudioFile(recording))
  expect(printed).toBe(`[ ${shape.join(', ')} ]\n`)
})

/** A stored artefact of the run that is named as in the documents. */
async function artefactBytes(node: string): Promise<Buffer> {
  const read = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(workspace.cache, path), 'utf8'))
  const latest = (await read('latest/ravdess.json')) as Record<string, string>
  const { output } = (await read(`records/${latest[node]}.json`)) as {
    output: { digest: string; extension: string }
  }
  const { digest, extension } = output
  return readFile(join(workspace.cache, 'objects', digest.slice(0, 2), `${digest}.${extension}`))
}

/** A result that is published beside the report. */
function published(name: string): Promise<Buffer> {
  return readFile(join(workspace.folder, 'runs/ravdess', name))
}

/** Bundles a block with our packages' sources and runs it in a folder. @returns what it prints */
async function runTypeScript(code: string, folder: string): Promise<string> {
  const outfile = join(folder, 'block.mjs')
  await build({
    stdin: { contents: code, loader: 'ts', resolveDir: projectRoot },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['serflow-source'],
    logLevel: 'silent',
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
  })
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
}
