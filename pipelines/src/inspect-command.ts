import { stat, writeFile } from 'node:fs/promises'
import { InputError } from '@serflow/core'
import { windowSeconds } from './infer.js'
import { corpusChoice, type CorpusOptions } from './inspect/corpus-settings.js'
import { readFolder } from './inspect/folder-reading.js'
import { summarise } from './inspect/folder-summary.js'
import { measureAll } from './inspect/measure.js'
import { oddities } from './inspect/findings.js'
import { filePage, folderPage } from './inspect/page.js'
import type { FileInspection, FolderInspection, Inspection } from './inspect/schema.js'
import { soundFacts, type SoundFacts } from './inspect/sound-facts.js'
import { fileText, folderText } from './inspect/text.js'
import { wavChunks } from './inspect/wav-chunks.js'
import { visible } from './visible.js'
import { checkJobs, defaultJobs, measureModule } from './workspace.js'

export interface InspectOptions extends CorpusOptions {
  readonly path: string
  readonly json?: boolean | undefined
  readonly html?: string | undefined
  readonly jobs?: number | undefined
}

/** Says what a folder or a file holds. @returns 0, or 1 where there is no sound that can be used */
export async function inspectCommand(options: InspectOptions): Promise<number> {
  const jobs = checkJobs(options.jobs ?? defaultJobs())
  const found = await inspect(options, jobs)
  if (typeof found === 'string') {
    process.stderr.write(`${visible(found)}\n`)
    return 1
  }
  if (options.html !== undefined) {
    const page = found.what === 'folder' ? folderPage(found) : filePage(found)
    await writePage(options.html, page)
  }
  if (options.json) process.stdout.write(`${JSON.stringify(found)}\n`)
  else process.stdout.write(found.what === 'folder' ? folderText(found) : fileText(found))
  if (options.html !== undefined) process.stderr.write(`page: ${options.html}\n`)
  return found.what === 'folder' && found.utterances === 0 ? 1 : 0
}

/** @returns what is wrong, for a file that is no sound */
async function inspect(options: InspectOptions, jobs: number): Promise<Inspection | string> {
  const { path } = options
  const what = await stat(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new InputError(
      code === 'ENOENT'
        ? `${path}: there is no such folder or file`
        : `${path}: cannot be read (${code})`,
    )
  })
  if (what.isDirectory()) return inspectFolder(options, jobs)
  for (const name of ['kind', 'config', 'set'] as const) {
    const given = [options[name] ?? []].flat()
    if (given.length > 0)
      throw new InputError(`--${name} ${given.join(' ')}: ${path} is a file, expected a folder`)
  }
  try {
    return await inspectFile(path)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}

async function inspectFolder(options: InspectOptions, jobs: number): Promise<FolderInspection> {
  const { path } = options
  const { kind, settingsFor } = await corpusChoice(options)
  const reading = await readFolder(path, kind, settingsFor)
  const files = [...new Set(reading.utterances.map(({ file }) => file))]
  const progress = process.stderr.isTTY
    ? (done: number) => process.stderr.write(`\r\u001b[2Kread ${done} of ${files.length}`)
    : undefined
  const measured = await measureAll(path, files, {
    jobs,
    workerModule: measureModule,
    ...(progress ? { onProgress: progress } : {}),
  })
  if (progress) process.stderr.write('\r\u001b[2K')
  return summarise(path, reading, measured)
}

async function inspectFile(path: string): Promise<FileInspection> {
  const { fingerprint: _, ...facts } = await soundFacts(path, path)
  const notes = [...facts.notes, ...oddities(facts)]
  const chunks = wavChunks(path)
  return {
    what: 'file',
    file: path,
    ...facts,
    notes,
    chunks: chunks && [...chunks],
    windows: windowsAt(facts),
  }
}

/** The windows that predict cuts at its own rate. */
function windowsAt({ frames, sampleRateHz }: SoundFacts): FileInspection['windows'] {
  const samples = Math.round((frames * modelRateHz) / sampleRateHz)
  const length = windowSeconds * modelRateHz
  return Array.from({ length: Math.max(1, Math.ceil(samples / length)) }, (_, index) => ({
    startSeconds: index * windowSeconds,
    endSeconds: Math.min((index + 1) * length, samples) / modelRateHz,
  }))
}

/** That of every model's front end by default. */
const modelRateHz = 16000

async function writePage(path: string, page: string): Promise<void> {
  await writeFile(path, page).catch(({ code }: NodeJS.ErrnoException) => {
    throw new InputError(`--html ${path}: cannot be written (${code})`)
  })
}
