import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { archives, megabytes, UnreachableError, type Archive } from '@serflow/ingest'
import { fileSize } from './runner/store.js'
import type { SettingsTree } from './settings-file.js'
import { hasSound, type DataFolder } from './workspace.js'

export interface DefaultCorpusOptions {
  /** `--set` as given: who names a corpus has no default. */
  readonly set: readonly string[]
  /** Whether to fetch what is not there; planning changes nothing. */
  readonly mayFetch: boolean
  readonly offline: boolean
  /** @throws UnreachableError where there is no network */
  readonly fetch: (archive: Archive, answerSeconds: number) => Promise<unknown>
}

/** What a run without a configuration uses, and for the sample corpus why, as the rest of a sentence. */
export interface DefaultCorpus {
  readonly settings: SettingsTree
  readonly why?: string
}

/**
 * Without a configuration: RAVDESS where it lies in raw/ravdess, else it is fetched, else, where there is no network,
 * the sample corpus. Whatever else goes wrong with fetching, such as a wrong sum, is an error.
 */
export async function defaultCorpus(
  data: DataFolder,
  { set, mayFetch, offline, fetch }: DefaultCorpusOptions,
): Promise<DefaultCorpus> {
  if (set.some((override) => /^(corpus(\.kind)?|corpora)=/.test(override))) return { settings: {} }
  const ravdess = { settings: { corpus: { kind: 'ravdess' } } }
  const named = set.some((override) => override.startsWith('corpus.directory='))
  if (named || (await hasSound(join(data.root, 'raw/ravdess')))) return ravdess

  const archive = archives[0]!
  const size = megabytes(archive.bytes)
  const instead = (why: string): DefaultCorpus => ({
    settings: { corpus: { kind: 'sample' } },
    why: `there are no recordings in ${join(data.root, 'raw/ravdess')}, ${why}`,
  })
  if (offline) return instead('and this run is offline')
  if (!mayFetch) return instead(`and a run would first try to fetch them (${size})`)
  // Whoever has been without a network before should not wait as long each time.
  const again = (await fileSize(join(data.runs, 'sample/report.json'))) !== undefined
  try {
    await fetch(archive, again ? 2 : 10)
    return ravdess
  } catch (error) {
    if (error instanceof InputError && !(error instanceof UnreachableError)) {
      const other = error.message.includes('--from')
        ? `"serflow fetch ${archive.corpus}" takes --from; `
        : ''
      throw new InputError(
        `${error.message} (${other}--offline runs the built-in sample corpus instead)`,
      )
    }
    if (!(error instanceof UnreachableError)) throw error
    return instead(`and RAVDESS (${size}) cannot be fetched: ${error.message}`)
  }
}

/** Whether the environment forbids to ask anything of a network. */
export function isOffline({ SERFLOW_OFFLINE }: NodeJS.ProcessEnv): boolean {
  return SERFLOW_OFFLINE !== undefined && !['', '0', 'false', 'no'].includes(SERFLOW_OFFLINE)
}

/** @throws InputError for a corpus that can be fetched and is not there */
export async function checkThere(
  {
    kind,
    name,
    directory,
  }: { kind: string; name?: string | undefined; directory?: string | undefined },
  root: string,
): Promise<void> {
  const archive = archives.find(({ corpus }) => corpus === kind)
  if (!archive || directory !== undefined || (name ?? kind) !== kind || (await hasSound(root)))
    return
  throw new InputError(
    `${root}: there are no recordings of ${archive.title}; "serflow fetch ${kind}" fetches them (${megabytes(archive.bytes)}), ` +
      'or name the folder they lie in: --set corpus.directory=/path/to/folder',
  )
}
