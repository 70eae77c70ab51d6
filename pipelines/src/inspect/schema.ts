/** What `serflow inspect --json` prints. The schema checks it and is published as JSON Schema. */
import { z } from 'zod'

const count = z.int().min(0)
const decibels = z.number().nullable().describe('dB below full scale; null for silence')
const seconds = z.number().min(0)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const gender = z.enum(['female', 'male', 'unknown'])

const soundShape = {
  bytes: count,
  digest: digest.describe("SHA-256 of the file's bytes"),
  samplesDigest: digest
    .nullable()
    .describe(
      'SHA-256 of rate and mono samples without zeros at both ends: equal for equal sound; null for silence',
    ),
  format: z.string(),
  coding: z.string().nullable().describe('how samples are coded, where the format says it'),
  sampleRateHz: count,
  channels: count,
  channelsAlike: z.boolean().nullable().describe('whether all channels hold the same samples'),
  silentChannels: count,
  frames: count,
  durationSeconds: seconds,
  rmsDb: decibels,
  peakDb: decibels,
  offset: z.number().describe('mean of the samples (DC), full scale is 1'),
  zeroShare: z.number().min(0).max(1).describe('share of samples that are exactly 0'),
  notes: z.array(z.string()).describe('what is odd about it'),
}

const durationSchema = z
  .strictObject({ minimum: seconds, median: seconds, maximum: seconds, total: seconds })
  .describe('seconds, of the utterances that can be read')

const levelSchema = z
  .strictObject({ low: decibels, median: decibels, high: decibels, peak: decibels })
  .describe('RMS of the quietest, the middle and the loudest file, and the highest peak')

const tally = <Value extends z.ZodType>(value: Value) =>
  z.array(z.strictObject({ value, files: count })).describe('most frequent first')

const groupSchema = z.strictObject({
  text: z.string().describe('numbers and names are left out where they differ'),
  files: z.array(z.string()),
})

/** A folder of recordings. */
export const folderInspectionSchema = z.strictObject({
  what: z.literal('folder'),
  folder: z.string(),
  kind: z.string().nullable().describe('the reader; null for plain sounds'),
  guess: z.string().nullable().describe('how the reader was chosen; null where it was named'),
  title: z.string(),
  files: z.strictObject({
    found: count.describe('without what systems leave lying about'),
    read: count.describe('sound files that can be read'),
    unreadable: count,
    rejected: count,
    skipped: count,
    other: count.describe('files that a reader uses or passes over, such as lists of labels'),
  }),
  copies: count.describe(
    'utterances that are there again, with the same id and sound; counted once',
  ),
  utterances: count.describe('in files that can be read'),
  duration: durationSchema.nullable(),
  classes: z.array(
    z.strictObject({ name: z.string(), utterances: count, speakers: count, seconds }),
  ),
  speakers: z.array(
    z.strictObject({
      speakerId: z.string(),
      gender,
      utterances: count,
      seconds,
      utterancesByClass: z.record(z.string(), count),
      level: levelSchema,
    }),
  ),
  genders: z.array(z.strictObject({ gender, speakers: count, utterances: count })),
  sessions: z.array(z.strictObject({ session: z.string(), utterances: count, speakers: count })),
  level: levelSchema.nullable().describe('of all files'),
  formats: tally(z.string()),
  sampleRatesHz: tally(count),
  channels: tally(count),
  unreadable: z.array(groupSchema),
  rejected: z.array(groupSchema),
  skipped: z.array(groupSchema),
  notes: z.array(groupSchema).describe('what is odd about files that can be read'),
  duplicates: z.array(
    z.strictObject({
      same: z
        .enum(['bytes', 'samples', 'recording'])
        .describe('samples: the headers differ; recording: level, rate or coding differ'),
      files: z.array(z.string()),
      labels: z.array(z.string()).describe('more than one label: one of them is wrong'),
      speakers: z.array(z.string()).describe('more than one speaker: a leak, at which a run stops'),
    }),
  ),
  warnings: z.array(z.string()).describe('what to know before training on it'),
  recordings: z.array(z.strictObject({ file: z.string(), ...soundShape })),
})
export type FolderInspection = z.infer<typeof folderInspectionSchema>

/** One file. */
export const fileInspectionSchema = z.strictObject({
  what: z.literal('file'),
  file: z.string(),
  ...soundShape,
  chunks: z
    .array(z.strictObject({ id: z.string(), offset: count, bytes: count }))
    .nullable()
    .describe('of RIFF files: where each chunk begins in the file, and its content in bytes'),
  windows: z
    .array(z.strictObject({ startSeconds: seconds, endSeconds: seconds }))
    .describe('what predict answers one by one'),
})
export type FileInspection = z.infer<typeof fileInspectionSchema>

export const inspectionSchema = z.discriminatedUnion('what', [
  folderInspectionSchema,
  fileInspectionSchema,
])
export type Inspection = z.infer<typeof inspectionSchema>
