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
import { isTree, type SettingsTree } from './settings-file.js'

/** One experiment. Each stage owns its part and its defaults; an unknown key is an error. */
export const settingsSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w][\w.-]*$/, 'letters, digits, "-", "_" and "." only')
      .max(100)
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
        seeds: z
          .array(z.int().min(0))
          .min(1)
          .refine((seeds) => new Set(seeds).size === seeds.length, 'a seed stands there twice')
          .default([0]),
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

/**
 * Checks a tree and fills in defaults.
 *
 * @param placeOf where a setting was given, such as `own.yaml, line 3`
 * @throws InputError with a line for each fault: place, path, what is wrong, and the nearest known name of an unknown
 *   key; also where the baseline is to train on clips that the augmentation does not make
 */
export function checkSettings(
  tree: SettingsTree,
  placeOf: (path: readonly PropertyKey[]) => string | undefined = () => undefined,
): Settings {
  const result = settingsSchema.safeParse(tree)
  if (result.success) return withRidgeCopies(result.data)
  // A value out of its range may break a second rule for that reason alone: the first one is enough.
  const told = new Map<string, string>()
  for (const issue of result.error.issues.flatMap(explained)) {
    for (const { path, fault } of faultsOf(issue, tree)) {
      const name = path.join('.') || 'settings'
      const place = placeOf(path)
      if (!told.has(name)) told.set(name, `${place ? `${place}: ` : ''}${name}: ${fault}`)
    }
  }
  throw new InputError([...told.values()].join('\n'))
}

function faultsOf(issue: Issue, tree: SettingsTree) {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, fault: issue.message }]
  return issue.keys.map((key) => {
    const near = nearestWord(key, knownKeys(issue.path, tree))
    const fault = `there is no such setting${near ? `; did you mean "${near}"?` : ''}`
    return { path: [...issue.path, key], fault }
  })
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
