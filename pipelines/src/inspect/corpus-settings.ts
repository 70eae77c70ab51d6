import { InputError } from '@serflow/core'
import { corpora, type CorpusModule, type CorpusSettings } from '@serflow/ingest'
import { isTree, readSettings, type SettingsTree } from '../settings-file.js'
import { checkSettings } from '../settings.js'

/** What the command line says of a corpus, as `run` takes it. */
export interface CorpusOptions {
  readonly kind?: string | undefined
  readonly config?: string | undefined
  readonly set?: readonly string[] | undefined
}

/** Settings of a corpus whose reader may not be named yet. */
export interface CorpusChoice {
  readonly kind: string | undefined
  /** Settings for a reader; undefined where none are given. */
  readonly settingsFor: (kind: string) => CorpusSettings | undefined
}

/**
 * The corpus settings of a file and of `--set`, those of a run; all other settings are passed over. Of several corpora
 * `--kind` says which.
 *
 * @throws InputError for a file or a setting that is none, settings of another reader than `--kind` says, several
 *   corpora of which none or more than one is meant, and settings that no reader has
 */
export async function corpusChoice({
  kind,
  config,
  set = [],
}: CorpusOptions): Promise<CorpusChoice> {
  const { tree, placeOf } = await readSettings(config, set)
  const one = oneOf(tree, kind)
  const named = one.kind === undefined ? kind : String(one.kind)
  if (kind !== undefined && named !== kind) {
    throw new InputError(`--kind ${kind}: the settings say corpus.kind: ${named}; leave out one`)
  }
  if (Object.keys(one).length === 0) return { kind, settingsFor: () => undefined }
  const settingsFor = (reader: string) =>
    checkSettings({ corpus: { ...one, kind: reader } }, placeOf).corpus
  if (named !== undefined) return { kind: named, settingsFor }
  const fitting = readersWith(Object.keys(one))
  if (fitting.length === 0) {
    const names = Object.keys(one).map((name) => `corpus.${name}`)
    throw new InputError(`no reader has all of ${names.join(', ')}; say by --kind which is meant`)
  }
  // What is wrong for one is so for all; a guess would only say that no reader knows the folder.
  settingsFor(fitting[0]!)
  return { kind: fitting.length === 1 ? fitting[0] : undefined, settingsFor }
}

/** The readers that have these settings, apart from those that all or none have. */
function readersWith(names: readonly string[]): readonly string[] {
  const readers: readonly CorpusModule[] = Object.values(corpora)
  const has = ({ options, own }: CorpusModule, name: string) =>
    Object.hasOwn(options.shape, name) || (own && name === 'classes')
  const special = names.filter((name) => readers.some((reader) => has(reader, name)))
  const fitting = readers.filter((reader) => special.every((name) => has(reader, name)))
  return fitting.map(({ name }) => name)
}

function oneOf({ corpus, corpora: several }: SettingsTree, kind: string | undefined): SettingsTree {
  if (several === undefined) return isTree(corpus) && !Array.isArray(corpus) ? corpus : {}
  const all = Array.isArray(several) ? several.filter(isTree) : []
  const meant = kind === undefined ? all : all.filter((each) => each.kind === kind)
  if (meant.length === 1) return meant[0]!
  const kinds = all.map((each) => String(each.kind)).join(', ')
  throw new InputError(
    `the settings name ${all.length} corpora (${kinds}); say which by --kind, or give its settings by --set corpus.…`,
  )
}
