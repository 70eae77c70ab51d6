import { readFile } from 'node:fs/promises'
import { InputError } from '@serflow/core'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parse, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'

/** A plain tree of settings, before it is checked. */
export type SettingsTree = { [key: string]: unknown }

/** Settings as they were given. */
export interface GivenSettings {
  readonly tree: SettingsTree
  /** Where a setting, or the group it should be in, was given: `own.yaml, line 3`; undefined if not in a file. */
  readonly placeOf: (path: readonly PropertyKey[]) => string | undefined
}

/**
 * Settings of a file, if one is named, with those of `--set` over them.
 *
 * @throws InputError as `readSettingsFile` and `applyOverride`
 */
export async function readSettings(
  file: string | undefined,
  overrides: readonly string[],
): Promise<GivenSettings> {
  return override(file === undefined ? withoutPlaces({}) : await readSettingsFile(file), overrides)
}

/** Settings that the program gives. */
export function withoutPlaces(tree: SettingsTree): GivenSettings {
  return { tree, placeOf: () => undefined }
}

/** @throws InputError as `applyOverride` */
export function override(given: GivenSettings, overrides: readonly string[]): GivenSettings {
  const tree = overrides.reduce(applyOverride, given.tree)
  const changed = overrides.map((each) => each.slice(0, each.indexOf('=')))
  const isChanged = (name: string) =>
    changed.some((each) => name === each || name.startsWith(`${each}.`))
  return {
    tree,
    placeOf: (path) => (isChanged(path.join('.')) ? undefined : given.placeOf(path)),
  }
}

/**
 * Reads a YAML file of settings.
 *
 * @throws InputError naming the file where it is missing, no YAML or no mapping
 */
export async function readSettingsFile(file: string): Promise<GivenSettings> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: ${readFault(error, 'a YAML file of settings')}`)
  })
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault?.code === 'MULTIPLE_DOCS') {
    throw new InputError(`${file}: holds several documents, divided by ---; expected one`)
  }
  const tree: unknown = fault ?? treeOf(document)
  // The library shows the place below its first line.
  if (tree instanceof Error) {
    throw new InputError(`${file}: ${tree.message.split('\n')[0]!.replace(/:$/, '')}`)
  }
  if (tree === null || tree === undefined) return withoutPlaces({})
  if (!isTree(tree) || Array.isArray(tree)) {
    throw new InputError(
      `${file}: expected settings such as "features: {bands: 40}", found ${Array.isArray(tree) ? 'a list' : `the ${typeof tree} ${String(tree)}`}`,
    )
  }
  const placeOf = (path: readonly PropertyKey[]) => {
    const offset = offsetOf(document, path)
    return offset === undefined ? undefined : `${file}, line ${lineCounter.linePos(offset).line}`
  }
  return { tree, placeOf }
}

/** The values of a document; an error where its aliases would fill the memory. */
function treeOf(document: Document): unknown {
  try {
    return document.toJS()
  } catch (error) {
    return error
  }
}

/** Where the deepest part of a path that is there begins in the text. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      next = pair.value
    } else if (isSeq(node)) {
      next = node.items[Number(step)]
      offset = (next as Node | undefined)?.range?.[0] ?? offset
    }
    node = next
  }
  return offset
}

function readFault({ code, message }: NodeJS.ErrnoException, expected: string): string {
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return `is a folder, expected ${expected}`
  return `cannot be read (${code ?? message})`
}

/**
 * Applies `a.b=c` to a tree; the value is read as YAML, so numbers, lists and null work.
 *
 * @throws InputError where it is not of that form or goes through a value
 */
export function applyOverride(tree: SettingsTree, override: string): SettingsTree {
  const match = /^([\w-]+(?:\.[\w-]+)*)=(.*)$/s.exec(override)
  if (!match)
    throw new InputError(`--set ${override}: expected path=value, such as features.bands=40`)
  let value: unknown
  try {
    value = parse(match[2]!, { logLevel: 'error' })
  } catch {
    throw new InputError(`--set ${override}: the value is no YAML; put it in quotes`)
  }
  const path = match[1]!.split('.')
  const root: SettingsTree = { ...tree }
  let place = root
  for (const step of path.slice(0, -1)) {
    const inside = place[step] ?? {}
    if (typeof inside !== 'object' || Array.isArray(inside)) {
      throw new InputError(`--set ${override}: "${step}" is a value, not a group of settings`)
    }
    const copy = { ...(inside as SettingsTree) }
    place[step] = copy
    place = copy
  }
  place[path.at(-1)!] = value
  return root
}

/** The paths of all values in a tree, such as `features.bands`; a list is one value. */
export function settingPaths(tree: SettingsTree, group = ''): readonly string[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const path = group + name
    return isTree(value) && !Array.isArray(value) ? settingPaths(value, `${path}.`) : [path]
  })
}

export function isTree(value: unknown): value is SettingsTree {
  return typeof value === 'object' && value !== null
}
