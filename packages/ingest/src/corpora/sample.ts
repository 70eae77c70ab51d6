import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { listRavdess, ravdessEmotions, ravdessExample } from './ravdess-names.js'

/** The built-in synthetic speech of `writeSampleCorpus`, named as RAVDESS is. */
export const sample = defineCorpus({
  name: 'sample',
  title: 'Sample: synthetic speech made by this program',
  synthetic: true,
  example: ravdessExample,
  licence: 'CC0 1.0',
  citation: 'Made by the synthesiser in @serflow/ingest; no recording, no person speaking',
  options: z.object({}),
  list: (folder) => ({ classes: ravdessEmotions, ...listRavdess(folder) }),
})
