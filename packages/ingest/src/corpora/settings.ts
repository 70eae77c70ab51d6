import { z } from 'zod'
import type { CorpusModule } from './corpus.js'
import { labelsSchema } from './labels.js'
import { whereSchema } from './where.js'

const nameSchema = z
  .string()
  .regex(/^[\w][\w.-]*$/, 'letters, digits, "-", "_" and "." only')
  .max(100)

/** Settings that every corpus has. */
const shared = {
  name: nameSchema.optional().describe('what it is called in the report; by default its kind'),
  directory: z
    .string()
    .optional()
    .describe(
      'folder of the recordings, relative to the data folder; by default raw/ and its name',
    ),
  labels: labelsSchema.optional(),
  where: whereSchema.optional(),
  speakers: z
    .enum(['known', 'unknown'])
    .default('known')
    .describe(
      'unknown: utterances without a speaker are used all the same; the report says that it is not speaker-independent',
    ),
  people: nameSchema
    .optional()
    .describe(
      'whose voices they are: of several corpora those with the same people have the same speakers; by default the ' +
        'published corpus, and for own data all that is in one folder',
    ),
  allowUnreadable: z
    .boolean()
    .default(false)
    .describe(
      'a file that is no sound is left out and named; unless this is set, the exit status is then 1',
    ),
  title: z.string().optional().describe('what the report calls it'),
  licence: z.string().optional().describe('of the recordings; models inherit it'),
  citation: z.string().optional().describe('how to cite the recordings'),
}

/** Own data has no classes but what is in it. */
export const ownClasses = z
  .array(z.string())
  .min(2)
  .optional()
  .describe(
    'the classes in their order, after labels; by default those that occur, in the order of the alphabet',
  )

/**
 * The settings of one corpus: those that all have, and those of its kind.
 *
 * @param modules the corpora there are
 */
export function corpusSettingsOf(modules: readonly CorpusModule[]) {
  const kinds = modules.map((module) => {
    const own = module.options.shape
    return z.strictObject({
      ...(module.own ? { classes: ownClasses } : {}),
      ...own,
      kind: z.literal(module.name).describe('which reader'),
      ...shared,
    })
  })
  const [first, ...rest] = kinds
  return z.discriminatedUnion('kind', [first!, ...rest], {
    error: ({ code }) =>
      code === 'invalid_union'
        ? `Invalid option: expected one of ${modules.map(({ name }) => `"${name}"`).join('|')}`
        : undefined,
  })
}

export type CorpusSettings = z.output<ReturnType<typeof corpusSettingsOf>>
