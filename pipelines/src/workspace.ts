import { readFile } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '@serflow/core'
import { isSound, type CorpusSettings } from '@serflow/ingest'
import { listFolder } from './runner/store.js'
import { corporaOf, type Settings } from './settings.js'
import type { Versions } from './provenance.js'

/** Where things lie: recordings in raw/, the store in cache/, results in runs/. */
export interface DataFolder {
  readonly root: string
  readonly cache: string
  readonly runs: string
}

/** What the build wrote beside the program: a digest of each stage's code, and the versions it imports. */
export interface StageCode {
  readonly stages: Readonly<Record<string, { readonly digest: string; readonly file: string }>>
  readonly packages: Versions
}

const programFolder = dirname(fileURLToPath(import.meta.url))
const projectRoot = resolve(programFolder, '..', '..')

export const workerModule = join(programFolder, 'worker.js')
export const measureModule = join(programFolder, 'measure-worker.js')
export async function readStageCode(): Promise<StageCode> {
  return JSON.parse(await readFile(join(programFolder, 'stages.json'), 'utf8')) as StageCode
}

/**
 * Where a stage's bundle lies. Its digest is in its name, so that a build during a run changes nothing for the run.
 *
 * @throws Error where the build lacks the stage
 */
export function stageModule(code: StageCode, stage: string): string {
  return join(programFolder, 'stages', stageOf(code, stage).file)
}

/** @throws Error where the build lacks the stage */
export function stageOf({ stages }: StageCode, stage: string): StageCode['stages'][string] {
  const known = stages[stage]
  if (!known) throw new Error(`the build has no stage "${stage}"; run npm run build`)
  return known
}

/** @param given from the command line; by default the project's `data` */
export function dataFolder(given?: string): DataFolder {
  const root = given === undefined ? join(projectRoot, 'data') : resolve(given)
  return { root, cache: join(root, 'cache'), runs: join(root, 'runs') }
}

/** Absolute path of a corpus's recordings: raw/ and its name, unless the settings say another. */
export function recordingsFolder(settings: CorpusSettings, data: DataFolder): string {
  const { kind, name, directory } = settings
  const usual = kind === 'sample' ? 'cache/sample-corpus' : `raw/${name ?? kind}`
  return resolve(data.root, directory ?? usual)
}

/** By default the names of the corpora. */
export function runName(settings: Settings): string {
  return (
    settings.name ??
    corporaOf(settings)
      .map(({ name, kind }) => name ?? kind)
      .join('-')
  )
}

/** True where a sound file lies in the folder or in one up to three below it. */
export async function hasSound(folder: string, depth = 3): Promise<boolean> {
  const names = (await listFolder(folder)).filter((name) => !name.startsWith('.'))
  if (names.some(isSound)) return true
  for (const name of depth > 0 ? names : []) {
    if (await hasSound(join(folder, name), depth - 1)) return true
  }
  return false
}

/** Worker processes by default: one a core, as far as memory allows about 2.5 GB each. */
export function defaultJobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2.5e9)))
}

/** @throws InputError unless it is a whole number of at least 1 */
export function checkJobs(jobs: number): number {
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 1024) {
    throw new InputError(
      `--jobs${Number.isNaN(jobs) ? '' : ` ${jobs}`}: expected a whole number from 1 to 1024`,
    )
  }
  return jobs
}
