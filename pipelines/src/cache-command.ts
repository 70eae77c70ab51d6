import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { counted } from '@serflow/evaluate'
import { isStale } from './runner/lock.js'
import { listFolder, openStore, type NodeRecord, type Store } from './runner/store.js'
import { dataFolder } from './workspace.js'

/** Shows what the store holds, by stage. @returns the exit status */
export async function cacheListCommand(data: string | undefined): Promise<number> {
  const store = openStore(dataFolder(data).cache)
  const records = await store.records()
  const inUse = await keysInUse(store)
  const stages = [...new Set(records.map((record) => record.ingredients.stage))].sort()
  process.stdout.write(
    `${'stage'.padEnd(18)}${'results'.padStart(8)}${'in use'.padStart(8)}${'size'.padStart(12)}\n`,
  )
  for (const stage of stages) {
    const own = records.filter((record) => record.ingredients.stage === stage)
    const used = own.filter((record) => inUse.has(record.key)).length
    process.stdout.write(
      `${stage.padEnd(18)}${String(own.length).padStart(8)}${String(used).padStart(8)}${size(sizeOfObjects(own)).padStart(12)}\n`,
    )
  }
  process.stdout.write(
    `${records.length} results, ${size(sizeOfObjects(records))} in ${store.root}\n`,
  )
  return 0
}

/**
 * Removes what no run's latest results need: records, artefacts without a record, and what a killed run left
 * half-written. @returns the exit status
 */
export async function cacheGcCommand(data: string | undefined, dryRun: boolean): Promise<number> {
  const store = openStore(dataFolder(data).cache)
  for (const name of await listFolder(join(store.root, 'locks'))) {
    const path = join(store.root, 'locks', name)
    if (!(await isStale(path))) {
      throw new InputError(`a run is using ${store.root}; wait for it to end and try again`)
    }
    if (!dryRun) await rm(path, { force: true })
  }
  const inUse = await keysInUse(store)
  const records = await store.records()
  const kept = records.filter((record) => inUse.has(record.key))
  const keptObjects = new Set(kept.map((record) => store.objectPath(record.output)))
  const removed: string[] = []
  for (const folder of ['objects', 'records', 'latest']) {
    for (const path of await filesBelow(join(store.root, folder))) {
      const isKept =
        !path.endsWith('.tmp') &&
        (folder === 'objects'
          ? keptObjects.has(path)
          : folder === 'latest' || kept.some((record) => path.endsWith(`${record.key}.json`)))
      if (!isKept) removed.push(path)
    }
  }
  let bytes = 0
  for (const path of removed) {
    bytes += (await stat(path)).size
    if (!dryRun) await rm(path, { force: true })
  }
  process.stdout.write(
    `${dryRun ? 'would remove' : 'removed'} ${counted(removed.length, 'file')}, ${size(bytes)}; kept ${counted(kept.length, 'result')}, ` +
      `${size(sizeOfObjects(kept))}\n`,
  )
  return 0
}

async function keysInUse(store: Store): Promise<ReadonlySet<string>> {
  const runs = await store.latestRuns()
  const keys = await Promise.all(runs.map(async (run) => [...(await store.latest(run)).values()]))
  return new Set(keys.flat())
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of await listFolder(folder)) {
    const path = join(folder, name)
    if ((await stat(path)).isDirectory()) found.push(...(await filesBelow(path)))
    else found.push(path)
  }
  return found
}

/** Equal artefacts are stored once. */
function sizeOfObjects(records: readonly NodeRecord[]): number {
  const sizes = new Map(records.map(({ output }) => [output.digest, output.bytes]))
  return [...sizes.values()].reduce((a, b) => a + b, 0)
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
