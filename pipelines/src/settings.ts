import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { InputError } from '@serflow/core'
import { reportConfig, scoresConfig } from '@serflow/evaluate'
import { logMelConfig, segmentConfig } from '@serflow/features'
import {
  augmentationConfig,
  balanceConfig,
  corpusConfig,
  corpusSettings,
  foldsConfig,
  type CorpusSettings,
} from '@serflow/ingest'
import {
  backboneConfig,
  embeddingsConfig,
  ridgeConfig,
  trainConfig,
  type RidgeConfig,
} from '@serflow/model'
import { nearestWord } from './nearest-word.js'
import { ridgeCopies } from './ridge-copies.js'

/** One experiment. Each stage owns its part and its defaults; an unknown key is an error. */
export const settingsSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w][\w.-]*$/, 'letters, digits, "-", "_" and "." only')
      .optional()
      .describe("name of the run's folder below data/runs; by default the corpus's name"),
    corpus: corpusSettings.optional().describe('the recordings'),
    corpora: z
      .array(corpusSettings)
      .min(1)
      .optional()
      .describe('several corpora at once, in the place of corpus; they must have the same classes'),
    ingest: z
      .strictObject({
        corpus: corpusConfig.prefault({}),
        folds: foldsConfig.prefault({}),
        augmentation: augmentationConfig.prefault({}),
        balance: balanceConfig.prefault({}),
      })
      .prefault({}),
    features: logMelConfig.prefault({}),
    segments: segmentConfig.prefault({}),
    model: z
      .strictObject({
        backbone: backboneConfig.omit({ bands: true }).prefault({}),
        embeddings: embeddingsConfig.prefault({}),
        train: trainConfig,
        /** Each seed is a model of its own a fold. */
        seeds: z.array(z.int().min(0)).min(1).default([0]),
        ridge: ridgeConfig.partial({ copies: true }).prefault({}),
      })
      .prefault({}),
    evaluate: z
      .strictObject({ scores: scoresConfig.prefault({}), report: reportConfig.prefault({}) })
      .prefault({}),
  })
  .refine(({ corpus, corpora }) => (corpus === undefined) !== (corpora === undefined), {
    path: ['corpus'],
    message: 'expected either corpus: {kind: ravdess} or corpora: [...], one of the two',
  })
export type Settings = z.output<typeof settingsSchema> & {
  readonly model: { readonly ridge: RidgeConfig }
}

/** The corpora of a run, one or several. */
export function corporaOf({ corpus, corpora }: Settings): readonly CorpusSettings[] {
  return corpora ?? (corpus ? [corpus] : [])
}

/** A plain tree of settings, before it is checked. */
export type SettingsTree = { [key: string]: unknown }

/**
 * Reads a YAML file of settings.
 *
 * @throws InputError naming the file where it is missing, no YAML or no mapping
 */
export async function readSettingsFile(path: string): Promise<SettingsTree> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path}: ${readFault(error, 'a YAML file of settings')}`)
  })
  let tree: unknown
  try {
    tree = parse(text)
  } catch (error) {
    // The library shows the place below its first line.
    const [message] = String(error instanceof Error ? error.message : error).split('\n')
    throw new InputError(`${path}: ${message!.replace(/:$/, '')}`)
  }
  if (tree === null || tree === undefined) return {}
  if (typeof tree !== 'object' || Array.isArray(tree)) {
    throw new InputError(
      `${path}: expected settings such as "features: {bands: 40}", found ${Array.isArray(tree) ? 'a list' : `the ${typeof tree} ${String(tree)}`}`,
    )
  }
  return tree as SettingsTree
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
    value = parse(match[2]!)
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

/**
 * Checks a tree and fills in defaults.
 *
 * @throws InputError with a line for each fault: path, what is wrong, and the nearest known name of an unknown key;
 *   also where the baseline is to train on clips that the augmentation does not make
 */
export function checkSettings(tree: SettingsTree): Settings {
  const result = settingsSchema.safeParse(tree)
  if (result.success) return withRidgeCopies(result.data)
  const faults = result.error.issues.flatMap(explained).flatMap((issue) => {
    const path = issue.path.join('.')
    if (issue.code !== 'unrecognized_keys') return [`${path || 'settings'}: ${issue.message}`]
    return issue.keys.map((key) => {
      const full = path ? `${path}.${key}` : key
      const near = nearestWord(key, knownKeys(issue.path, tree))
      return `${full}: there is no such setting${near ? `; did you mean "${near}"?` : ''}`
    })
  })
  // A value out of its range may break a second rule for that reason alone: the first one is enough.
  const told = new Set<string>()
  const isFirst = (fault: string) => {
    const path = fault.slice(0, fault.indexOf(':'))
    return !told.has(path) && told.add(path)
  }
  throw new InputError(faults.filter(isFirst).join('\n'))
}

type Issue = z.core.$ZodIssue

/**
 * Of a setting that may be of several kinds, what is wrong within the kind that was meant, where it is plain which one
 * that is; else what is allowed. The library says `Invalid input` alone.
 */
function explained(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const meant = issue.errors.find((faults) => faults.every((fault) => !isOtherKind(fault)))
  if (meant) {
    return meant.flatMap((fault) => explained({ ...fault, path: [...issue.path, ...fault.path] }))
  }
  if (issue.message !== 'Invalid input') return [issue]
  const allowed = issue.errors.flatMap((faults) => faults.filter(isOtherKind).map(expectation))
  return [{ ...issue, message: `Invalid input: expected ${[...new Set(allowed)].join(' or ')}` }]
}

function isOtherKind({ code, path }: Issue): boolean {
  return path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code)
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return issue.expected
  if (issue.code === 'invalid_value')
    return issue.values.map((value) => JSON.stringify(value)).join('|')
  return issue.code === 'invalid_union'
    ? issue.errors.flatMap((faults) => faults.filter(isOtherKind).map(expectation)).join(' or ')
    : issue.message
}

function withRidgeCopies(settings: z.output<typeof settingsSchema>): Settings {
  const { ingest, model } = settings
  const copies = ridgeCopies(model.ridge.copies, ingest.augmentation)
  return { ...settings, model: { ...model, ridge: { ...model.ridge, copies } } }
}

function knownKeys(path: readonly PropertyKey[], tree: SettingsTree): readonly string[] {
  let schema: unknown = settingsSchema
  let value: unknown = tree
  for (const step of path) {
    const whole = unwrapped(schema)
    schema = whole instanceof z.ZodArray ? whole.element : shapeOf(whole, value)?.[String(step)]
    value = isTree(value) ? value[String(step)] : undefined
  }
  return Object.keys(shapeOf(schema, value) ?? {})
}

/** @param value what stands there: of corpora, its kind decides */
function shapeOf(schema: unknown, value: unknown): Record<string, unknown> | undefined {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodObject) return inner.shape as Record<string, unknown>
  if (!(inner instanceof z.ZodUnion)) return undefined
  const group = inner.options.find((each: unknown) => each instanceof z.ZodObject)
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return shapeOf(group, value)
  const kind = isTree(value) ? value.kind : undefined
  const shapes = inner.options.map((each: unknown) => shapeOf(each, value) ?? {})
  return shapes.find((shape: Record<string, unknown>) => {
    const literal = shape.kind
    return literal instanceof z.ZodLiteral && literal.value === kind
  })
}

function unwrapped(schema: unknown): unknown {
  let inner = schema
  while (
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodPipe
  ) {
    // The settings behind a preset.
    inner = inner instanceof z.ZodPipe ? inner.out : inner.unwrap()
  }
  return inner
}

function isTree(value: unknown): value is SettingsTree {
  return typeof value === 'object' && value !== null
}
