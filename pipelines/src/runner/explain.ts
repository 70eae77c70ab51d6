import { canonicalJson } from '@serflow/core'
import type { Ingredients } from './key.js'

/** What has changed between two runs of a node, in words, the most telling first; at most `limit` of them. */
export function explainChange(
  before: Ingredients,
  after: Ingredients,
  settingsPath: string,
  limit = 3,
): readonly string[] {
  const reasons = [
    ...settingChanges(before.config, after.config, settingsPath),
    ...(before.code === after.code ? [] : [`the code of ${after.stage} changed`]),
    ...inputNames(before, after).flatMap((name) =>
      inputChanges(name, before.inputs[name] ?? [], after.inputs[name] ?? []),
    ),
  ]
  if (reasons.length <= limit) return reasons
  return [...reasons.slice(0, limit), `and ${reasons.length - limit} more`]
}

/** Files and nodes first: they have names that tell more than those of plain values. */
function inputNames(before: Ingredients, after: Ingredients): readonly string[] {
  const names = Object.keys({ ...before.inputs, ...after.inputs })
  const isValue = (name: string) => (after.inputs[name] ?? before.inputs[name])![0]?.[0] === 'value'
  return [...names.filter((name) => !isValue(name)), ...names.filter(isValue)]
}

/** Each setting that differs, as `features.bands: 64 -> 40`. */
export function settingChanges(before: unknown, after: unknown, path: string): readonly string[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
  if (isRecord(before) && isRecord(after)) {
    return Object.keys({ ...before, ...after }).flatMap((name) =>
      settingChanges(before[name], after[name], path ? `${path}.${name}` : name),
    )
  }
  return [`${path}: ${show(before)} -> ${show(after)}`]
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

function show(value: unknown): string {
  return value === undefined ? 'unset' : (JSON.stringify(value) ?? String(value))
}
