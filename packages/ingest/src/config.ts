/** Settings of the stages, apart from them: whoever reads settings loads no more than this. */
import { z } from 'zod'
import { InputError } from '@serflow/core'
import { formatEffects, speedsOfOne, parseEffects } from './effects/effect.js'
import { comparePaths } from './path-order.js'

/** What is told of the corpus as a whole. */
export const corpusConfig = z.strictObject({
  sameRecording: z
    .enum(['stop', 'note'])
    .default('stop')
    .describe(
      'two utterances that are one recording, or most of it, at another level, rate or coding, or by their times in one ' +
        'file. stop: the run ends where a fold divides them or they have two labels; note: they are listed, for ' +
        'recordings that only sound alike',
    ),
})
export type CorpusConfig = z.infer<typeof corpusConfig>

const quoteSpeaker = 'expected the name of a speaker; write a number in quotes, such as "01"'

export const foldsConfig = z.strictObject({
  scheme: z
    .enum([
      'leave-one-speaker-out',
      'leave-one-session-out',
      'k-speakers',
      'emobox-6',
      'luna-5',
      'list',
      'table',
      'split',
      'by-sentence',
      'cross-corpus',
      'random-clips',
    ])
    .default('leave-one-speaker-out')
    .describe(
      'how recordings are divided into training and test. leave-one-speaker-out, leave-one-session-out: each is tested ' +
        'once; k-speakers: groups of speakers alike in gender and emotions; emobox-6, luna-5: published divisions of ' +
        'RAVDESS; list, table: your own; split: the parts the corpus comes with; by-sentence: neither speaker nor ' +
        'sentence of a test recording is trained on; cross-corpus: trained on some corpora, tested on others; ' +
        'random-clips: by recording, so speakers are on both sides and the report says so',
    ),
  folds: z
    .int()
    .min(2)
    .default(6)
    .describe(
      'number of folds of k-speakers, by-sentence (for each group of sentences), random-clips, and cross-corpus where a ' +
        'tested corpus, or one of the same people, is trained on as well',
    ),
  list: z
    .array(z.array(z.string({ error: quoteSpeaker })).min(1))
    .default([])
    .describe('test speakers of each fold, for the scheme list'),
  table: z
    .string()
    .min(1)
    .optional()
    .describe(
      'for the scheme table: a CSV, TSV or Parquet file with the columns speaker and fold, or a JSON file with the test ' +
        'speakers of each fold as a list of lists; relative to the data folder',
    ),
  sentences: z
    .int()
    .min(2)
    .default(2)
    .describe('groups of sentences for by-sentence; one is tested, the others are trained on'),
  trainOn: z
    .array(z.string())
    .default([])
    .describe('for cross-corpus: names of the corpora to train on; none: all but the tested one'),
  testOn: z
    .array(z.string())
    .default([])
    .describe('for cross-corpus: names of the corpora to test on; none: each in turn'),
  seed: z.int().min(0).default(0).describe('of random-clips'),
  validation: z
    .union([z.enum(['none', 'one-of-each-gender']), z.strictObject({ speakers: z.int().min(1) })], {
      error: 'expected none, one-of-each-gender or a number of speakers such as {speakers: 2}',
    })
    .default('none')
    .describe(
      'training speakers of each fold that are held out to choose the epoch: none, one woman and one man, or a ' +
        'number of them; other ones in each fold. Nobody trains or is tested on them in that fold',
    ),
})
export type FoldsConfig = z.infer<typeof foldsConfig>

/** The schemes that a setting of the folds is for; one that is not here is for all. */
const schemesOf: Readonly<Record<string, readonly FoldsConfig['scheme'][]>> = {
  folds: ['k-speakers', 'by-sentence', 'cross-corpus', 'random-clips'],
  list: ['list'],
  table: ['table'],
  sentences: ['by-sentence'],
  trainOn: ['cross-corpus'],
  testOn: ['cross-corpus'],
  seed: ['random-clips'],
}

/** Of the names of given settings those that the scheme does not look at, with the schemes that do. */
export function unusedFoldSettings(
  given: readonly string[],
  scheme: FoldsConfig['scheme'],
): { readonly name: string; readonly schemes: readonly string[] }[] {
  return given.flatMap((name) => {
    const schemes = schemesOf[name]
    return schemes && !schemes.includes(scheme) ? [{ name, schemes }] : []
  })
}

export const augmentationConfig = z
  .strictObject({
    speeds: z
      .array(z.number().min(0.5).max(2))
      .refine(
        (speeds) => speeds.every((speed) => Math.abs(speed - 1) > speedsOfOne),
        'speed 1, and what is nearer to it than 0.001, is the original, which is always there',
      )
      .refine((speeds) => new Set(speeds).size === speeds.length, 'a speed stands there twice')
      .default([0.9, 0.95, 1.1])
      .describe('a copy of each recording at each of these speeds; 1.1 is faster and higher'),
    copies: z
      .array(z.string())
      .default([])
      .describe(
        'further copies of each recording, by what is done to them: speed=0.9, pitch=+2st, gain=-6dB, ' +
          'noise=white:10dB (white, pink or babble; the ratio of voice to noise), room=0.3s (time in which its sound ' +
          'falls by 60 dB), shift=+0.1s, or several joined by +',
      ),
  })
  .superRefine(checkCopies)
export type AugmentationConfig = z.infer<typeof augmentationConfig>

/** The effects of each copy in their one way of writing: speeds ascending, then the others in order. */
export function effectsOf({
  speeds,
  copies,
}: Pick<AugmentationConfig, 'speeds' | 'copies'>): string[] {
  const bySpeed = [...speeds].sort((left, right) => left - right).map((speed) => `speed=${speed}`)
  const others = copies.map((copy) => formatEffects(parseEffects(copy)))
  return [...bySpeed, ...others.sort(comparePaths)]
}

function checkCopies(config: AugmentationConfig, context: z.RefinementCtx): void {
  const faults = config.copies.flatMap((copy, index) => {
    try {
      parseEffects(copy)
      return []
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return [{ index, message: error.message }]
    }
  })
  for (const { index, message } of faults) {
    context.addIssue({ code: 'custom', path: ['copies', index], message })
  }
  if (faults.length > 0) return
  const effects = effectsOf(config)
  const twice = effects.find((each, index) => effects.indexOf(each) !== index)
  if (twice === undefined) return
  context.addIssue({ code: 'custom', path: ['copies'], message: `${twice} stands there twice` })
}

export const balanceConfig = z.strictObject({
  kind: z
    .enum(['weights', 'none', 'draws', 'oversampling'])
    .default('weights')
    .describe(
      'weights: each class counts alike in the loss; draws: an epoch draws as many clips of each class as classes have ' +
        'on average; oversampling: as many of each as the largest has, a clip again as another of its copies; ' +
        'none: each utterance counts alike',
    ),
})
export type BalanceConfig = z.infer<typeof balanceConfig>
