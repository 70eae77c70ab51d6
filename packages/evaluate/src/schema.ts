/** What scores and a report hold. The schemas check what is written and are published as JSON Schema. */
import { z } from 'zod'

const rate = z.number().min(0).max(1)
const count = z.int().min(0)
const seed = z.int().nullable().describe('null for a model without a seed')
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal')
const byClass = z
  .record(z.string(), rate.nullable())
  .describe('by class; null where the class does not occur')

const uarSchema = z
  .strictObject({
    value: rate.describe(
      'recall of each class that occurs, averaged; pooled over all utterances, mean over seeds',
    ),
    low: rate
      .nullable()
      .describe(
        'lower end of the interval over speakers; null for one speaker, or where they are not known',
      ),
    high: rate
      .nullable()
      .describe(
        'upper end of the interval over speakers; null for one speaker, or where they are not known',
      ),
  })
  .describe('unweighted average recall')

const differenceSchema = z
  .strictObject({
    value: z.number().min(-1).max(1),
    low: z.number().nullable(),
    high: z.number().nullable(),
  })
  .describe(
    "network minus baseline: mean over speakers of the difference of a speaker's UAR, with its interval",
  )

const speakerSchema = z.strictObject({
  speakerId: z.string(),
  gender: z.enum(['female', 'male', 'unknown']),
  utterances: count,
  uar: rate.describe('over the classes this speaker has, mean over seeds'),
})

const baselineSchema = z.strictObject({
  name: z.string(),
  uar: uarSchema,
  accuracy: rate,
  macroF1: rate,
  recalls: byClass,
  perSpeaker: z.array(speakerSchema.pick({ speakerId: true, uar: true })),
  difference: differenceSchema,
})

const skippedSchema = z.strictObject({
  file: z.string().describe('path within the corpus folder'),
  status: z.enum(['duplicate', 'unreadable', 'rejected', 'skipped']),
  note: z.string().nullable(),
})

const protocolSchema = z.strictObject({
  folds: count,
  foldScheme: z.string(),
  speakersIndependent: z
    .boolean()
    .describe(
      'no speaker is on both sides of a fold, checked in the run that wrote this; false where speakers are not known',
    ),
  sentences: z
    .string()
    .describe('how many sentences are on both sides of a fold: what is said there is no new text'),
  selection: z
    .string()
    .optional()
    .describe('how the epoch was chosen, where validation speakers chose it'),
  seeds: z.array(seed),
  confidence: z.number().gt(0).lt(1),
  headline: z.string().describe('what uar.value is'),
  interval: z.string().describe('what uar.low and uar.high are'),
})

/** Numbers of one cross-validation, all rates 0..1. */
export const scoresSchema = z.strictObject({
  protocol: protocolSchema,
  utterances: count,
  speakers: count.describe('0 where they are not known'),
  classes: z.array(z.string()).describe('in the order of rows and columns of confusion'),
  absentClasses: z.array(z.string()).describe('classes of which no utterance is used'),
  chance: rate.describe('UAR of answering always the same: 1 / classes that occur'),
  uar: uarSchema,
  accuracy: rate.describe('right / all, mean over seeds'),
  macroF1: rate.describe(
    'F1 averaged over the classes that occur or were predicted, mean over seeds',
  ),
  recalls: byClass,
  confusion: z
    .array(z.array(count))
    .describe('[truth][prediction]: rows are the truth; utterances, summed over seeds'),
  perSpeaker: z.array(speakerSchema),
  perGender: z.array(
    z.strictObject({
      gender: speakerSchema.shape.gender,
      speakers: count,
      utterances: count,
      uar: rate.describe('pooled over the utterances of these speakers, mean over seeds'),
    }),
  ),
  perCorpus: z
    .array(
      z.strictObject({
        corpus: z.string(),
        speakers: count.describe('0 where they are not known'),
        utterances: count,
        byClass: z.record(z.string(), count).describe('utterances by class'),
      }),
    )
    .describe('what is used of each corpus'),
  perFold: z.array(
    z.strictObject({
      fold: count,
      speakerIds: z.array(z.string()).describe('the speakers this fold tests'),
      utterances: count,
      uar: rate.describe('over the classes that occur in the fold, mean over seeds'),
      accuracy: rate,
      absentClasses: z.array(z.string()),
      uarBySeed: z.array(z.strictObject({ seed, uar: rate })),
    }),
  ),
  perSeed: z.array(z.strictObject({ seed, uar: rate, accuracy: rate, macroF1: rate })),
  baselines: z.array(baselineSchema),
  skipped: z
    .array(skippedSchema)
    .describe('files of the corpus folder that were not used, and why'),
  warnings: z.array(z.string()).describe('what a reader must know before quoting a number'),
})
export type Scores = z.infer<typeof scoresSchema>

const partSchema = z.strictObject({
  name: z.string(),
  kind: z.string().describe('its reader'),
  title: z.string(),
  licence: z.string(),
  citation: z.string(),
  classes: z.array(z.string()).describe('after labels, in order'),
  labels: z
    .union([z.string(), z.record(z.string(), z.string().nullable())])
    .nullable()
    .describe("what the settings make of the corpus's own labels; null: nothing"),
  labelVersions: z
    .strictObject({
      reader: count
        .nullable()
        .describe(
          "of the labels that the corpus's codes stand for, and their order; null: own labels",
        ),
      map: count.nullable().describe('of the map that labels names; null: it names none'),
    })
    .describe('the same version is the same labels'),
  labelChanges: z
    .array(
      z.strictObject({
        label: z.string().describe('as the corpus has it'),
        countsAs: z.string().nullable().describe('null: left out'),
        byDefault: z.boolean().describe('by the reader of the corpus, not by the settings alone'),
        utterances: count.describe(
          'with this label, or where votes alone tell it, with votes for it',
        ),
      }),
    )
    .describe('labels that are not used as the corpus has them'),
  where: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('which utterances are used; null: all'),
})

/** The corpus, as its reader describes it. */
export const corpusInfoSchema = z.strictObject({
  name: z.string().describe('short name, such as ravdess'),
  title: z.string(),
  synthetic: z.boolean().describe('made by a program, not spoken by people'),
  licence: z.string(),
  citation: z.string(),
  recipeOrigin: z
    .string()
    .describe('where the settings come from, such as: developed on this corpus'),
  corpora: z.array(partSchema).describe('one, or those that were put together'),
})
export type CorpusInfo = z.infer<typeof corpusInfoSchema>

/** What made the numbers: enough to make them again. */
export const provenanceSchema = z.strictObject({
  settings: z.unknown().describe('the whole configuration'),
  inputs: z.strictObject({
    files: count,
    digest: z.string().describe('one digest over the digests of all files of the corpus'),
  }),
  packages: z.record(z.string(), z.string()).describe('version by package'),
  backend: z.string().describe('such as onnx-cpu'),
  kernels: z
    .strictObject({ reader: z.string(), frontEnd: z.string() })
    .optional()
    .describe('what read sound and made log-mels: wasm-simd, or plain where there are no vectors'),
  protocol: z
    .strictObject({
      selection: z.string().describe('how epochs and settings were chosen, and on whom'),
      augmentation: z.string().describe('copies that were trained on'),
      voting: z.string().describe('whether copies of a test clip vote'),
    })
    .partial()
    .optional()
    .describe('what the report says of the protocol beyond what the scores know'),
})
export type Provenance = z.infer<typeof provenanceSchema>

const scoreShape = scoresSchema.omit({ protocol: true }).shape

/** report.json: what other programs may rely on. */
export const reportSchema = z.strictObject({
  corpus: corpusInfoSchema.shape.name,
  synthetic: corpusInfoSchema.shape.synthetic,
  recipeOrigin: corpusInfoSchema.shape.recipeOrigin,
  protocol: protocolSchema.extend({
    selection: z.string(),
    augmentation: z.string(),
    voting: z.string(),
  }),
  ...scoreShape,
  provenance: provenanceSchema.omit({ protocol: true }).extend({
    corpus: corpusInfoSchema.pick({ title: true, licence: true, citation: true }),
    corpora: corpusInfoSchema.shape.corpora,
  }),
  digest: digest.describe('SHA-256 of the canonical JSON of the report without this field'),
})
export type Report = z.infer<typeof reportSchema>
