export { archives, type Archive } from './archives.js'
export { UnreachableError } from './unreachable.js'
export { megabytes, writing } from './disk.js'
export { fetchCorpus, type Fetched, type FetchOptions, type FetchProgress } from './fetch-corpus.js'
