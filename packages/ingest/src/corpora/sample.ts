import type { CorpusModule } from './corpus.js'
import { listRavdess, ravdessEmotions } from './ravdess-names.js'

/** The built-in synthetic speech of `writeSampleCorpus`, named as RAVDESS is. */
export const sample: CorpusModule = {
  name: 'sample',
  title: 'Sample: synthetic speech made by this program',
  classes: ravdessEmotions,
  synthetic: true,
  licence: 'CC0 1.0',
  citation: 'Made by the synthesiser in @serflow/ingest; no recording, no person speaking',
  foldLists: {},
  list: (files) => listRavdess('sample', files),
}
