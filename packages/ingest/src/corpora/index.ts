import { audformat } from './audformat.js'
import type { CorpusModule } from './corpus.js'
import { cremaD } from './crema-d.js'
import { emodb } from './emodb.js'
import { folders } from './folders.js'
import { iemocap } from './iemocap.js'
import { ravdess } from './ravdess.js'
import { sample } from './sample.js'
import { savee } from './savee.js'
import { corpusSettingsOf } from './settings.js'
import { table } from './table.js'
import { tess } from './tess.js'

export {
  defineCorpus,
  type CorpusAbout,
  type CorpusEntry,
  type CorpusModule,
  type FoundCorpus,
  type FoundUtterance,
  type OtherFile,
} from './corpus.js'
export { corpusFolder, isLitter, isSound, stemOf, type CorpusFolder } from './folder.js'
export { labelMapVersions, settleLabels, type LabelChange } from './labels.js'
export { labelledCorpus, listCorpus, type CorpusListing } from './listing.js'
export { plainName } from './names.js'
export { listByName, rejected, skipped, type NameReading } from './named-files.js'
export { type CorpusSettings } from './settings.js'
export { mergeListings, namesakes, type NamedListing } from './several.js'

/** The corpora this program knows, by name. */
export const corpora = {
  ravdess,
  emodb,
  iemocap,
  'crema-d': cremaD,
  tess,
  savee,
  table,
  folders,
  audformat,
  sample,
} as const satisfies Readonly<Record<string, CorpusModule>>

/** Settings of one corpus: `kind` says which, and with that which settings it has. */
export const corpusSettings = /* @__PURE__ */ corpusSettingsOf(Object.values(corpora))
