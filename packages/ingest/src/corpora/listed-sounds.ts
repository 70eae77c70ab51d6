import { InputError } from '@serflow/core'
import type { FoundUtterance } from './corpus.js'
import { isSound, stemOf, type CorpusFolder } from './folder.js'

/** Finds the sound files that a table names. */
export interface ListedSounds {
  /**
   * The path within the folder of a file as a table names it: relative to the table, relative to the corpus folder, or
   * absolute within it. Backslashes and either Unicode form of an umlaut will do.
   *
   * @param where for messages
   * @throws InputError where there is no such file
   */
  find(name: string, where: string): string
  /** Sound files that no table has named. */
  unnamed(): readonly string[]
}

/** @param tableFolder the table's folder within the corpus folder */
export function listedSounds(folder: CorpusFolder, tableFolder: string): ListedSounds {
  const byForm = pathsByForm(folder)
  const named = new Set<string>()
  return {
    find(name, where) {
      const found = pathIn(folder, byForm, name, [tableFolder, ''])
      if (found === undefined) throw new InputError(missing(name, where, folder, byForm))
      named.add(found)
      return found
    },
    unnamed: () => folder.paths.filter((path) => isSound(path) && !named.has(path)),
  }
}

/**
 * The path within a corpus folder as somebody writes it: relative to the folder or absolute, with slashes of either
 * kind, its letters in either Unicode form.
 *
 * @returns undefined where there is no such file
 */
export function findPath(folder: CorpusFolder, written: string): string | undefined {
  return pathIn(folder, pathsByForm(folder), written, [''])
}

function pathsByForm({ paths }: CorpusFolder): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path.normalize('NFC'), path]))
}

/** @param bases folders that it may be relative to, the first that fits */
function pathIn(
  folder: CorpusFolder,
  byForm: ReadonlyMap<string, string>,
  written: string,
  bases: readonly string[],
): string | undefined {
  const plain = (text: string) => text.replaceAll('\\', '/').normalize('NFC')
  const [root, slashed] = [plain(folder.root), plain(written)]
  const candidates =
    root !== '' && slashed.startsWith(`${root}/`)
      ? [slashed.slice(root.length + 1)]
      : bases.map((base) => resolve(base, slashed))
  return candidates.map((path) => byForm.get(path ?? '')).find((path) => path)
}

/**
 * Ids for utterances that have none: the file's name without ending, with its folders where two files of other
 * folders have the same name, and with its ending where even that is the same; behind it the start where the file
 * has several utterances, and the end where two begin at once.
 */
export function withIds(
  utterances: readonly (Omit<FoundUtterance, 'utteranceId'> & { readonly utteranceId?: string })[],
): FoundUtterance[] {
  const bare = (file: string) => file.replace(/\.[^./]*$/, '')
  const ofFile = tally(utterances.map(({ file }) => file))
  const files = [...ofFile.keys()]
  const [stems, paths] = [tally(files.map(stemOf)), tally(files.map(bare))]
  const beginOf = ({ file, startSeconds = 0 }: Pick<FoundUtterance, 'file' | 'startSeconds'>) =>
    `${startSeconds} ${file}`
  const begins = tally(utterances.map(beginOf))
  return utterances.map((utterance) => {
    const { file, startSeconds = 0, endSeconds } = utterance
    const name =
      stems.get(stemOf(file)) === 1 ? stemOf(file) : paths.get(bare(file)) === 1 ? bare(file) : file
    const atOnce = begins.get(beginOf(utterance))!
    const end = atOnce > 1 ? `-${endSeconds === undefined ? 'end' : clock(endSeconds)}` : ''
    const id = ofFile.get(file) === 1 ? name : `${name}@${clock(startSeconds)}${end}`
    return { utteranceId: id, ...utterance }
  })
}

function tally(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Seconds so that the order of texts is the order of time, up to 10,000. */
function clock(seconds: number): string {
  const [whole = '', rest] = String(seconds).split('.')
  return whole.padStart(4, '0') + (rest === undefined ? '' : `.${rest}`)
}

/** `a/b` and `../c.wav` to `a/c.wav`; undefined outside of the root. */
function resolve(base: string, path: string): string | undefined {
  const parts = base === '' ? [] : base.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

function missing(
  name: string,
  where: string,
  folder: CorpusFolder,
  byForm: ReadonlyMap<string, string>,
): string {
  const last = (path: string) => path.replace(/^.*[/\\]/, '').toLowerCase()
  const paths = [...byForm.values()]
  const near =
    paths.find((path) => last(path) === last(name)) ??
    paths.find((path) => isSound(path) && last(stemOf(path)) === last(name))
  return (
    `${where}: there is no file "${name}" in ${folder.root || 'the corpus folder'}` +
    (near ? `, but "${near}" is there; write its path from the folder of the table` : '') +
    '; mend the table, add the file, or set corpus.directory to the folder that holds both'
  )
}
