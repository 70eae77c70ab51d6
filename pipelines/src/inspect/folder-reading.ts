import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError } from '@serflow/core'
import {
  corpora,
  corpusFolder,
  corpusSettings,
  isSound,
  labelledCorpus,
  settleLabels,
  type CorpusFolder,
  type CorpusModule,
  type CorpusSettings,
  type FoundCorpus,
  type FoundUtterance,
  type OtherFile,
} from '@serflow/ingest'
import { nearestWord } from '../nearest-word.js'
import { walk } from '../recordings.js'

/** What a reader makes of a folder, in the corpus's own words; nothing has been decoded. */
export interface FolderReading {
  /** null for plain sounds: no reader knows the folder. */
  readonly kind: string | null
  readonly title: string
  /** In the order of the class index. */
  readonly classes: readonly string[]
  readonly utterances: readonly FoundUtterance[]
  readonly others: readonly OtherFile[]
  /** All files that systems have not left there. */
  readonly paths: readonly string[]
  /** How the reader was chosen, where nobody named it. */
  readonly guess: string | null
  /** What a run would stop at, such as one class alone: no fault of a folder that is only looked at. */
  readonly stop: string | null
}

/** These are tried; a folder by label would fit almost everything, and the sample corpus is named as RAVDESS is. */
const guessed: readonly string[] = Object.keys(corpora).filter(
  (kind) => kind !== 'folders' && kind !== 'sample',
)

/** With fewer of its sounds known to a reader, a folder is not of that kind. */
const leastShare = 1 / 10

type SettingsFor = (kind: string) => CorpusSettings | undefined

/**
 * Reads a folder with the reader of `kind`, or with the one under which most files are utterances, by the settings
 * where some are given.
 *
 * @throws InputError for an unknown kind, a folder that is not there, and what that reader throws
 */
export async function readFolder(
  path: string,
  kind: string | undefined,
  settingsFor: SettingsFor = () => undefined,
): Promise<FolderReading> {
  // Tables may name files by their absolute paths.
  const root = resolve(path)
  const unread: OtherFile[] = []
  const paths = await walk(root, (file, note) => unread.push({ file, status: 'unreadable', note }))
  const folder = corpusFolder(root, paths, (path) => readBytes(join(root, path)))
  const found =
    kind === undefined
      ? await guess(folder, settingsFor)
      : { ...(await reading(folder, moduleOf(kind), settingsFor)), guess: null }
  return { ...found, others: [...found.others, ...unread] }
}

async function guess(folder: CorpusFolder, settingsFor: SettingsFor): Promise<FolderReading> {
  const sounds = folder.paths.filter(isSound).length
  let best: Omit<FolderReading, 'guess'> | undefined
  let most = 0
  const faults = new Map<string, string>()
  for (const kind of guessed) {
    const found = await attempt(folder, moduleOf(kind), settingsFor)
    if (found instanceof InputError) {
      faults.set(kind, found.message)
      continue
    }
    const files = new Set(found.utterances.map(({ file }) => file)).size
    if (files > most) {
      best = found
      most = files
    }
  }
  const among = `${most} of ${sounds} sound files are utterances of it`
  if (best && most >= leastShare * sounds) return { ...best, guess: among }
  return {
    ...plainSounds(folder),
    guess: best
      ? `the reader that knows most of them is ${best.kind}, but only ${among}`
      : whyUnknown(folder.paths, faults),
  }
}

/** By these files a folder is meant for a reader, even where it cannot read them. */
const meantFor = { audformat: /(^|\/)db\.ya?ml$/i, table: /\.(csv|tsv|tab|parquet|pq)$/i } as const

function whyUnknown(paths: readonly string[], faults: ReadonlyMap<string, string>): string {
  const sounds = paths.filter(isSound)
  if (sounds.length === 0) return 'there is no sound file in it'
  const unknown = 'no reader knows their names'
  for (const [kind, pattern] of Object.entries(meantFor)) {
    const fault = faults.get(kind)
    if (fault !== undefined && paths.some((path) => pattern.test(path))) {
      return `${unknown}, and as ${kind} it cannot be read: ${fault}`
    }
  }
  const folders = new Set(sounds.map((path) => path.slice(0, path.lastIndexOf('/') + 1)))
  return folders.size > 1 && !folders.has('')
    ? `${unknown}; where folders are named by the labels of what is in them, say --kind folders`
    : unknown
}

async function attempt(folder: CorpusFolder, module: CorpusModule, settingsFor: SettingsFor) {
  try {
    return await reading(folder, module, settingsFor)
  } catch (error) {
    // A folder that lacks what a reader needs, such as its table, is not of that kind.
    if (error instanceof InputError) return error
    throw error
  }
}

async function reading(
  folder: CorpusFolder,
  module: CorpusModule,
  settingsFor: SettingsFor,
): Promise<Omit<FolderReading, 'guess'>> {
  const settings = settingsFor(module.name)
  const found = await module.list(folder, settings)
  const { stop, classes, utterances, others, about } = labelled(module, found, settings)
  const title = about?.title ?? module.title
  return { kind: module.name, title, classes, utterances, others, paths: folder.paths, stop }
}

/** @throws InputError where settings of labels are given and do not fit */
function labelled(
  module: CorpusModule,
  found: FoundCorpus,
  given: CorpusSettings | undefined,
): FoundCorpus & Pick<FolderReading, 'stop'> {
  const settings = given ?? corpusSettings.parse({ kind: module.name })
  try {
    return { ...labelledCorpus(module, found, settings), stop: null }
  } catch (error) {
    if (!(error instanceof InputError) || changesLabels(module, settings)) throw error
    return { ...settleLabels(found), stop: error.message }
  }
}

function changesLabels({ own }: CorpusModule, { labels, where, ...rest }: CorpusSettings): boolean {
  const classes = own && 'classes' in rest ? rest.classes : undefined
  return [labels, where, classes].some((each) => each !== undefined)
}

function plainSounds(folder: CorpusFolder): Omit<FolderReading, 'guess'> {
  const sounds = folder.paths.filter(isSound)
  return {
    kind: null,
    title: 'sounds of no known corpus',
    classes: [],
    utterances: sounds.map((file) => ({ file, utteranceId: file, speakerId: null, emotion: null })),
    others: folder.paths
      .filter((path) => !isSound(path))
      .map((file) => ({ file, status: 'skipped', note: 'not a sound file by its ending' })),
    paths: folder.paths,
    stop: null,
  }
}

function moduleOf(kind: string): CorpusModule {
  const known: Readonly<Record<string, CorpusModule>> = corpora
  const module = Object.hasOwn(known, kind) ? known[kind] : undefined
  if (module) return module
  const near = nearestWord(kind, Object.keys(known))
  throw new InputError(
    `--kind ${kind}: there is no such reader; ${near ? `did you mean "${near}"?` : `expected one of ${Object.keys(known).join(', ')}`}`,
  )
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new InputError(`${path}: cannot be read (${code ?? message}); mend or remove it`)
  })
}
