import { readFile } from 'node:fs/promises'
import { manifestTable, type ManifestRow } from '@serflow/core'
import type { Recordings } from './recordings.js'
import type { RunResult } from './runner/run.js'
import type { Store } from './runner/store.js'

/**
 * The recordings that a run without a report could not read: by the manifest of the corpus, or as far as this was not
 * made, by those of the speakers and by what was found when the folder was listed.
 */
export async function unreadableOf(
  { known }: Pick<RunResult, 'known'>,
  { others }: Pick<Recordings, 'others'>,
  store: Store,
): Promise<readonly Pick<ManifestRow, 'file' | 'note'>[]> {
  const records = [...known].filter(([{ stage }]) => stage === 'corpus')
  const isWhole = records.length > 0
  if (!isWhole) records.push(...[...known].filter(([{ stage }]) => stage === 'manifest'))
  const tables = await Promise.all(
    records.map(async ([, { output }]) => {
      const bytes = await readFile(store.objectPath(output)).catch(() => undefined)
      return bytes ? manifestTable.decode(bytes) : []
    }),
  )
  const rows = isWhole ? tables.flat() : [...tables.flat(), ...others]
  return rows.filter(({ status }) => status === 'unreadable')
}
