import { join } from 'node:path'
import { InputError } from '@serflow/core'
import {
  archives,
  fetchCorpus,
  megabytes,
  writing,
  type Archive,
  type Fetched,
} from '@serflow/ingest'
import { fetchProgress } from './fetch-progress.js'
import { nearestWord } from './nearest-word.js'
import { acquireLock } from './runner/lock.js'
import { dataFolder, type DataFolder } from './workspace.js'

export interface FetchCommandOptions {
  readonly corpus: string
  readonly data?: string | undefined
  readonly from?: string | undefined
  readonly timeout?: number | undefined
}

/** Fetches a corpus into the data folder. @returns 0, or 1 where it could not be had */
export async function fetchCommand(options: FetchCommandOptions): Promise<number> {
  const archive = archiveOf(options.corpus)
  const answerSeconds = checkTimeout(options.timeout ?? 10)
  const data = dataFolder(options.data)
  const say = (text: string) => process.stderr.write(`${text}\n`)
  try {
    const { outcome, recordings } = await fetchInto(data, archive, {
      from: options.from,
      answerSeconds,
    })
    const folder = join(data.root, 'raw', archive.corpus)
    say(
      outcome === 'present'
        ? `${folder}: ${archive.title} is there already (${recordings} recordings); nothing to do`
        : `${folder}: ${recordings} recordings of ${archive.title}, licence ${archive.licence} (${archive.page})`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    say(error.message)
    return 1
  }
}

/**
 * Fetches an archive into `raw/`, with its progress on standard error. One process at a time does it; others wait and
 * find it done.
 *
 * @throws UnreachableError, InputError as `fetchCorpus`
 */
export async function fetchInto(
  data: DataFolder,
  archive: Archive,
  options: {
    readonly from?: string | undefined
    readonly answerSeconds: number
    readonly reachAttempts?: number
  },
): Promise<Fetched> {
  const progress = fetchProgress(archive.title)
  const name = `fetch-${archive.corpus}`
  const patience = setTimeout(() => {
    progress.note(`another process is fetching ${archive.title}; waiting for it`)
  }, 1000)
  const lock = await writing(data.cache, 0, () =>
    acquireLock(join(data.cache, 'locks', name), name, async () => false),
  ).finally(() => clearTimeout(patience))
  const stop = () => {
    progress.end()
    process.stderr.write('stopped; what has come is kept, so the same command goes on from here\n')
    process.exit(130)
  }
  process.once('SIGINT', stop)
  try {
    return await fetchCorpus(archive, {
      ...options,
      folder: join(data.root, 'raw', archive.corpus),
      downloads: join(data.cache, 'downloads'),
      onProgress: progress.show,
      onNote: progress.note,
    })
  } finally {
    progress.end()
    process.off('SIGINT', stop)
    await lock?.release()
  }
}

function archiveOf(corpus: string): Archive {
  const found = archives.find((archive) => archive.corpus === corpus)
  if (found) return found
  const elsewhere = byHand[corpus.toLowerCase()]
  if (elsewhere !== undefined) {
    throw new InputError(
      `${corpus} cannot be fetched by a program: ${elsewhere}; then put it into data/raw`,
    )
  }
  const names = archives.map(({ corpus: name }) => name)
  const near = nearestWord(corpus, names)
  const known = archives
    .map(({ corpus: name, bytes }) => `${name} (${megabytes(bytes)})`)
    .join(', ')
  throw new InputError(
    `there is no corpus "${corpus}" to fetch; ${near ? `did you mean "${near}"? ` : ''}expected one of ${known}`,
  )
}

const byHand: Readonly<Record<string, string>> = {
  iemocap: 'ask for it at https://sail.usc.edu/iemocap/',
  'crema-d': 'see https://github.com/CheyneyComputerScience/CREMA-D',
  tess: 'see https://doi.org/10.5683/SP2/E8H2MF',
  savee: 'ask for it at http://kahlan.eps.surrey.ac.uk/savee/',
}

function checkTimeout(seconds: number): number {
  if (seconds > 0 && seconds <= 3600) return seconds
  throw new InputError(`--timeout: expected seconds from above 0 to 3600`)
}
