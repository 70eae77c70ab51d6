import type { CorpusModule } from './corpus.js'
import { ravdess } from './ravdess.js'
import { sample } from './sample.js'

export type { CorpusEntry, CorpusListing, CorpusModule, ListedFile, OtherFile } from './corpus.js'

/** The corpora this program knows, by name. */
export const corpora: Readonly<Record<'ravdess' | 'sample', CorpusModule>> = { ravdess, sample }
