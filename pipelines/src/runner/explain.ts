import { canonicalJson } from '@serflow/core'
import type { Ingredients } from './key.js'

/** Where a node's settings stand in the user's file, and which of them the user gave. */
export interface SettingPlaces {
  /** Of the node's settings as a group. */
  readonly path: string
  /** Of single ones that stand elsewhere, by their name in the node's settings. */
  readonly elsewhere?: Readonly<Record<string, string>> | undefined
  /** Paths that the user gave a value for; the rest are defaults, or follow from these. */
  readonly given?: readonly string[] | undefined
}

/**
 * What has changed between two runs of a node, in words, the most telling first; at most `limit` of them. Of settings
 * those that the user gave come first, the others in the order of their schema: a preset stands before what it sets.
 */
export function explainChange(
  before: Ingredients,
  after: Ingredients,
  places: SettingPlaces,
  limit = 3,
): readonly string[] {
  const reasons = [
    ...settingReasons(before.config, after.config, places),
    ...(before.code === after.code ? [] : [`the code of ${after.stage} changed`]),
    ...inputNames(before, after).flatMap((name) =>
      inputChanges(name, before.inputs[name] ?? [], after.inputs[name] ?? []),
    ),
  ]
  if (reasons.length <= limit) return reasons
  return [...reasons.slice(0, limit), `and ${reasons.length - limit} more`]
}

function settingReasons(
  before: unknown,
  after: unknown,
  { path, elsewhere = {}, given = [] }: SettingPlaces,
): readonly string[] {
  const isGiven = (changed: string) =>
    given.some((each) => changed === each || isBelow(changed, each) || isBelow(each, changed))
  const changes = settingChanges(before, after, path).map((change) => {
    const name = path === '' ? change.path : change.path.slice(path.length + 1)
    const top = name.split('.')[0]!
    const place = elsewhere[top]
    return place === undefined ? change : { ...change, path: place + name.slice(top.length) }
  })
  const isFirst = changes.map((change) => isGiven(change.path))
  return [
    ...changes.filter((_, index) => isFirst[index]),
    ...changes.filter((_, index) => !isFirst[index]),
  ].map(wordsOf)
}

function isBelow(path: string, group: string): boolean {
  return path.startsWith(`${group}.`)
}

/** Files and nodes first: they have names that tell more than those of plain values. */
function inputNames(before: Ingredients, after: Ingredients): readonly string[] {
  const names = Object.keys({ ...before.inputs, ...after.inputs })
  const isValue = (name: string) => (after.inputs[name] ?? before.inputs[name])![0]?.[0] === 'value'
  return [...names.filter((name) => !isValue(name)), ...names.filter(isValue)]
}

/** A setting that differs. */
export interface SettingChange {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** The settings that differ, in the order of `after`. */
export function settingChanges(
  before: unknown,
  after: unknown,
  path: string,
): readonly SettingChange[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
  if (isRecord(before) && isRecord(after)) {
    return Object.keys({ ...after, ...before }).flatMap((name) =>
      settingChanges(before[name], after[name], path ? `${path}.${name}` : name),
    )
  }
  return [{ path, before, after }]
}

/** `features.bands: 64 -> 40` */
function wordsOf({ path, before, after }: SettingChange): string {
  const [old, current] = [show(before), show(after)]
  // Long values may differ in what is not shown.
  return old === current ? `${path} changed` : `${path}: ${old} -> ${current}`
}

function inputChanges(
  name: string,
  before: readonly (readonly [string, string])[],
  after: readonly (readonly [string, string])[],
): readonly string[] {
  const old = new Map(before)
  const current = new Map(after)
  if (current.has('value') || old.has('value')) {
    return old.get('value') === current.get('value') ? [] : [`${name} changed`]
  }
  const added = [...current.keys()].filter((key) => !old.has(key))
  const removed = [...old.keys()].filter((key) => !current.has(key))
  const changed = [...current].filter(([key, digest]) => old.has(key) && old.get(key) !== digest)
  return [
    ...changes(
      'changed',
      changed.map(([key]) => key),
    ),
    ...changes('is new', added),
    ...changes('is gone', removed),
  ]
}

function changes(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  if (names.length === 1) return [`${names[0]} ${what}`]
  return [`${names[0]} ${what}, and ${names.length - 1} more like it`]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const longest = 60

/** A value as one would write it in a file of settings; of a long list the beginning and a count, of a long text its beginning. */
function show(value: unknown): string {
  if (value === undefined) return 'unset'
  // Plain words need no quotes, unless they would be read as something else.
  if (
    typeof value === 'string' &&
    /^[a-z][\w./-]*$/i.test(value) &&
    !/^(null|true|false|unset)$/i.test(value)
  ) {
    return shortened(value)
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(item))
    const whole = `[${items.join(',')}]`
    const shown = items.slice(0, 3)
    return whole.length <= longest
      ? whole
      : `[${shown.map(shortened).join(',')} and ${items.length - shown.length} more]`
  }
  return shortened(JSON.stringify(value) ?? String(value))
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}\u2026`
}
