import { InputError } from '@serflow/core'
import { comparePaths } from '../path-order.js'

/** The files of a corpus folder. Paths are within it, with forward slashes. */
export interface CorpusFolder {
  /** Where it lies, for messages and for absolute paths in tables. */
  readonly root: string
  /** In code-point order, without what systems leave lying about. */
  readonly paths: readonly string[]
  /** @throws InputError naming a file that cannot be read */
  readBytes(path: string): Promise<Uint8Array>
  /**
   * UTF-8, with or without a byte order mark, or UTF-16 with one.
   *
   * @throws InputError naming a file that is neither
   */
  readText(path: string): Promise<string>
}

/** A folder from its paths in any order and a way to read them. */
export function corpusFolder(
  root: string,
  paths: readonly string[],
  readBytes: (path: string) => Promise<Uint8Array>,
): CorpusFolder {
  return {
    root,
    paths: paths.filter((path) => !isLitter(path)).sort(comparePaths),
    readBytes,
    readText: async (path) => textOf(await readBytes(path), path),
  }
}

/** Whether a system or a tool left the file there: dot files, resource forks, thumbnails, index folders. */
export function isLitter(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || litter.has(part.toLowerCase()))
}

const litter: ReadonlySet<string> = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '@eadir',
  '$recycle.bin',
  'system volume information',
])

/** Whether a file is sound by its ending; what is in it shows on reading. */
export function isSound(path: string): boolean {
  return soundEndings.has(/\.([^./]*)$/.exec(path)?.[1]?.toLowerCase() ?? '')
}

/** Videos are none: they may be the same recordings again. */
const soundEndings: ReadonlySet<string> = new Set(
  (
    'wav wave bwf rf64 bw64 w64 flac mp3 mp2 mp1 mpga ogg oga opus spx m4a m4b aac aif aiff aifc au snd caf sph nist wma ' +
    'weba webm amr 3gp 3gpp 3ga wv tta ape mpc dsf ac3 mka voc'
  ).split(' '),
)

/** `a/b/name.wav` to `name`, the whole of it where there is no ending. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
}

/** `a/b/name.wav` to `a/b`, empty for a file that lies in no folder. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function textOf(bytes: Uint8Array, path: string): string {
  const [first, second] = bytes
  const wide = first === 0xff && second === 0xfe ? 'utf-16le' : undefined
  const encoding = wide ?? (first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8')
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new InputError(`"${path}" is not UTF-8 text; save it as UTF-8`)
  }
}
