import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { predictionsTable, sha256, type ArtefactReader, type PredictionRow } from '@serflow/core'
import { reportSchema, type Report } from '@serflow/evaluate'
import { sampleClip, writeSampleCorpus } from '@serflow/ingest'
import { afterAll } from 'vitest'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))
const command = join(projectRoot, 'pipelines/bin/serflow.js')
const tinySettings = join(projectRoot, 'tests/tiny.yaml')

/** How a call of the command ended. */
export interface Outcome {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Names of the nodes that were executed, in order of names. */
  readonly executed: readonly string[]
  /** The last line of standard output, where it is the summary of `run --json`. */
  readonly summary: Summary | undefined
}

export interface Summary {
  readonly executed: number
  readonly cached: number
  readonly failed: number
  readonly report: string | null
}

/** A call that is still going on. */
export interface Call {
  readonly process: ChildProcess
  readonly ended: Promise<Outcome>
}

/** Calls the command as a user does, in a process of its own. */
export function call(
  args: readonly string[],
  program: readonly string[] = [command],
  environment: Readonly<Record<string, string>> = {},
): Call {
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: projectRoot,
    // No test reaches out of this machine.
    env: { ...process.env, SERFLOW_OFFLINE: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) =>
      resolve({
        status,
        signal,
        stdout,
        stderr,
        executed: [...stderr.matchAll(/^(\S+): done in /gm)].map(([, name]) => name!).sort(),
        summary: summaryOf(stdout),
      }),
    )
  })
  return { process: child, ended }
}

export const serflow = (...args: readonly string[]): Promise<Outcome> => call(args).ended

function summaryOf(stdout: string): Summary | undefined {
  const line = stdout.trimEnd().split('\n').at(-1)!
  return line.startsWith('{"executed"') ? (JSON.parse(line) as Summary) : undefined
}

/** A data folder with its recordings, and the tiny settings for it. */
export interface Workspace {
  readonly folder: string
  readonly recordings: string
  readonly cache: string
  /** `run`, `plan` and their options, with this folder and the tiny settings. */
  args(...args: readonly string[]): readonly string[]
  call(...args: readonly string[]): Call
  /** `serflow run --json` with what is given. */
  run(...args: readonly string[]): Promise<Outcome>
  plan(...args: readonly string[]): Promise<readonly PlanRow[]>
  /** `serflow cache gc`. */
  tidy(...args: readonly string[]): Promise<Outcome>
  result(name: string): Promise<Buffer>
  report(): Promise<Report>
  predictions(): Promise<readonly PredictionRow[]>
  /** The artefact of a node as of the last run. */
  artefact<T>(node: string, type: ArtefactReader<T>): Promise<T>
  artefactPath(node: string): Promise<string>
  /** Names of the nodes that are being computed, or whose lock was left by a run that was killed. */
  running(): Promise<readonly string[]>
  /** SHA-256 of each stored artefact and each published result but environment.json, by path. */
  contents(): Promise<Readonly<Record<string, string>>>
  /** The same folder again, elsewhere. */
  copy(): Promise<Workspace>
}

export interface PlanRow {
  readonly node: string
  readonly status: 'cached' | 'run' | 'waits'
  readonly reasons: readonly string[]
}

const madeFolders: string[] = []

afterAll(async () => {
  for (const folder of madeFolders) await rm(folder, { recursive: true, force: true })
})

/** A folder that is gone after the tests of the file. */
export async function passingFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name))
  madeFolders.push(folder)
  return folder
}

/** An empty data folder; its name has a blank and letters outside ASCII, as users' folders have. */
export async function emptyWorkspace(): Promise<Workspace> {
  const folder = await passingFolder('serflow tést ')
  await mkdir(join(folder, 'raw/ravdess'), { recursive: true })
  return workspaceAt(folder)
}

/** Three speakers with one recording of each emotion. */
export async function sampleWorkspace(speakers = 3, clipsPerSpeaker = 8): Promise<Workspace> {
  const workspace = await emptyWorkspace()
  await writeSampleCorpus(workspace.recordings, { speakers, clipsPerSpeaker })
  return workspace
}

/** Writes recordings under the recordings' folder: synthetic speech as its name says, or the given bytes. */
export async function addRecordings(
  workspace: Workspace,
  files: Readonly<Record<string, Uint8Array | string | null>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const full = join(workspace.recordings, path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, content ?? clip(path))
  }
}

/** The synthetic speech that a path names. */
export function clip(path: string): Uint8Array {
  return sampleClip(/([^/]+)\.wav$/.exec(path)![1]!)
}

function workspaceAt(folder: string): Workspace {
  const cache = join(folder, 'cache')
  const args = (...given: readonly string[]) => [
    ...given,
    '--config',
    tinySettings,
    '--data',
    folder,
  ]
  const result = (name: string) => readFile(join(folder, 'runs/tiny', name))
  const artefactPath = async (node: string) => {
    const latest = await readJson<Record<string, string>>(join(cache, 'latest/tiny.json'))
    const { output } = await readJson<StoredRecord>(join(cache, `records/${latest[node]}.json`))
    const name = `${output.digest}.${output.extension}`
    return join(cache, 'objects', output.digest.slice(0, 2), name)
  }
  return {
    folder,
    recordings: join(folder, 'raw/ravdess'),
    cache,
    args,
    call: (...given) => call(args(...given)),
    run: (...given) => call(args('run', '--json', ...given)).ended,
    async plan(...given) {
      const { status, stdout, stderr } = await call(args('plan', '--json', ...given)).ended
      if (status !== 0) throw new Error(stderr)
      return JSON.parse(stdout) as PlanRow[]
    },
    result,
    report: async () => reportSchema.parse(JSON.parse((await result('report.json')).toString())),
    predictions: async () => predictionsTable.decode(await result('predictions.parquet')),
    tidy: (...given) => serflow('cache', 'gc', '--data', folder, ...given),
    artefactPath,
    artefact: async (node, type) => type.decode(await readFile(await artefactPath(node))),
    async running() {
      const names = await readdir(join(cache, 'locks')).catch(() => [])
      const locks = names.map(async (name) => {
        const text = await readFile(join(cache, 'locks', name), 'utf8').catch(() => '')
        return text === '' ? [] : [(JSON.parse(text) as { node: string }).node]
      })
      return (await Promise.all(locks)).flat()
    },
    async contents() {
      const digests: Record<string, string> = {}
      for (const place of ['cache/objects', 'runs']) {
        for (const path of await filesBelow(join(folder, place))) {
          if (path.endsWith('environment.json')) continue
          digests[path.slice(folder.length + 1)] = sha256(await readFile(path))
        }
      }
      return digests
    },
    async copy() {
      const other = await passingFolder('serflow cópy ')
      await cp(folder, other, { recursive: true })
      return workspaceAt(other)
    },
  }
}

interface StoredRecord {
  readonly output: { readonly digest: string; readonly extension: string }
}

export async function filesBelow(folder: string): Promise<readonly string[]> {
  const items = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return items
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .sort()
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}
