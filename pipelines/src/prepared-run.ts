import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError } from '@serflow/core'
import { readFoldTable, writeSampleCorpus, type FoldList } from '@serflow/ingest'
import { withBackends } from './backends.js'
import {
  checkThere,
  defaultCorpus,
  isOffline,
  type DefaultCorpusOptions,
} from './default-corpus.js'
import { fullPipeline, type Pipeline } from './full.js'
import { kernelsHere } from './kernels.js'
import { listRecordings, type Recordings } from './recordings.js'
import { leftOutNotes, namesakeNotes, unusedNotes } from './run-notes.js'
import { openFileDigests, type FileDigests } from './runner/file-digests.js'
import type { PlanContext } from './runner/plan.js'
import { openStore, type Store } from './runner/store.js'
import { override, readSettingsFile, settingPaths, withoutPlaces } from './settings-file.js'
import { checkSettings, corporaOf, type Settings } from './settings.js'
import {
  dataFolder,
  readStageCode,
  recordingsFolder,
  runName,
  stageOf,
  type DataFolder,
  type StageCode,
} from './workspace.js'

/** What the command line says. */
export interface RunOptions {
  readonly stage?: string | undefined
  readonly config?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly data?: string | undefined
  readonly jobs?: number | undefined
  readonly json?: boolean | undefined
  readonly force?: boolean | undefined
  /** Asks nothing of any network. */
  readonly offline?: boolean | undefined
}

/** A run that is ready to be planned. */
export interface PreparedRun {
  readonly settings: Settings
  readonly data: DataFolder
  readonly store: Store
  readonly digests: FileDigests
  readonly recordings: Recordings
  readonly code: StageCode
  readonly pipeline: Pipeline
  readonly context: PlanContext
}

/**
 * Settings checked, recordings found and listed, nodes known; nothing of the pipeline has run.
 *
 * @param mayFetch whether the default corpus may be fetched where it is not there
 * @throws InputError for what the user can mend: settings, folders, files, backends
 */
export async function prepareRun(
  options: RunOptions,
  { mayFetch }: { readonly mayFetch: boolean },
): Promise<PreparedRun> {
  const data = dataFolder(options.data)
  const { settings: given, why } =
    options.config === undefined
      ? await defaultCorpus(data, {
          set: options.set ?? [],
          mayFetch,
          offline: options.offline ?? isOffline(process.env),
          fetch: fetchOnce(data),
        })
      : { settings: {} }
  const file = options.config
  const { tree, placeOf } = override(
    file === undefined ? withoutPlaces(given) : await readSettingsFile(file),
    options.set ?? [],
  )
  const settings = await withBackends(checkSettings(tree, placeOf))
  const store = openStore(data.cache)
  const digests = await openFileDigests(join(data.cache, 'file-digests.json'))
  const sources = corporaOf(settings).map((corpus) => ({
    settings: corpus,
    root: recordingsFolder(corpus, data),
  }))
  for (const { settings: corpus, root } of sources) {
    await checkThere(corpus, root)
    if (corpus.kind !== 'sample') continue
    process.stderr.write(
      `note: ${why === undefined ? '' : `${why}; so `}this run uses the built-in sample corpus: ` +
        'SYNTHETIC speech. Its numbers say nothing of real recordings.\n',
    )
    await writeSampleCorpus(root)
  }
  const recordings = await listRecordings(sources, digests)
  // A run that is stopped has at least read the recordings for the next one.
  await digests.save()
  const code = await readStageCode()
  const foldTable = await ownDivision(settings, data)
  const givenPaths = settingPaths(tree)
  const notes = [
    ...leftOutNotes(settings, foldTable, recordings),
    ...namesakeNotes(recordings),
    ...unusedNotes(givenPaths, settings, recordings),
  ]
  for (const note of notes) process.stderr.write(`note: ${note}\n`)
  const pipeline = fullPipeline(recordings, settings, code.packages, kernelsHere(), foldTable)
  const latest = await store.latest(runName(settings))
  const codeOf = (stage: string) => stageOf(code, stage).digest
  return {
    settings,
    data,
    store,
    digests,
    recordings,
    code,
    pipeline,
    context: { store, digests, codeOf, latest, given: givenPaths },
  }
}

/** Fetches an archive for a run: a server that cannot be reached is asked once. */
function fetchOnce(data: DataFolder): DefaultCorpusOptions['fetch'] {
  return async (archive, answerSeconds) => {
    const { fetchInto } = await import('./fetch-command.js')
    return fetchInto(data, archive, { answerSeconds, reachAttempts: 1 })
  }
}

/** The user's own division, where the settings name one. */
async function ownDivision({ ingest }: Settings, data: DataFolder): Promise<FoldList> {
  const { scheme, table } = ingest.folds
  if (scheme !== 'table') return []
  if (table === undefined) {
    throw new InputError(
      'ingest.folds.table: expected a CSV, TSV, Parquet or JSON file for the scheme table',
    )
  }
  const path = resolve(data.root, table)
  const bytes = await readFile(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new InputError(
      `${path}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`,
    )
  })
  return readFoldTable(bytes, path)
}
