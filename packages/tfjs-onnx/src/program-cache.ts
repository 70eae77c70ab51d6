import type { Program } from './backends/backend.js'
import { nativeCall } from './worker.js'

/** Programs by the shapes of their inputs. */
export interface ProgramCache {
  /**
   * Uses the program of a key, which is made where there is none. It is not disposed of while in use.
   *
   * @throws Error after `dispose`
   */
  use<Result>(
    key: string,
    make: () => Promise<Program>,
    run: (program: Program) => Promise<Result>,
  ): Promise<Result>
  /** How many programs are held. */
  size(): number
  /** Frees all programs, each when nothing uses it any more. */
  dispose(): Promise<void>
}

interface Entry {
  readonly program: Promise<Program>
  /** runs that have not ended */
  readonly runs: Set<Promise<unknown>>
}

/**
 * Keeps programs, of which making one is slow, and forgets the one used longest ago when there are more than `limit`.
 *
 * @param limit at least 1
 */
export function programCache(limit: number): ProgramCache {
  // In the order of their last use.
  const entries = new Map<string, Entry>()
  let isDisposed = false

  return {
    async use(key, make, run) {
      if (isDisposed) throw new Error('the function has been disposed of; compile it again')
      const known = entries.get(key)
      const entry = known ?? { program: nativeCall(make), runs: new Set() }
      entries.delete(key)
      entries.set(key, entry)
      const result = entry.program.then((program) => nativeCall(() => run(program)))
      const ended = result.then(
        () => undefined,
        () => undefined,
      )
      entry.runs.add(ended)
      void ended.then(() => entry.runs.delete(ended))
      // What could not be made may succeed the next time.
      entry.program.catch(() => entries.get(key) === entry && entries.delete(key))
      if (entries.size > limit) {
        const [oldest, evicted] = entries.entries().next().value!
        entries.delete(oldest)
        await release(evicted)
      }
      return result
    },
    size: () => entries.size,
    async dispose() {
      isDisposed = true
      const all = [...entries.values()]
      entries.clear()
      for (const entry of all) await release(entry)
    },
  }
}

async function release({ program, runs }: Entry): Promise<void> {
  await Promise.all(runs)
  const made = await program.catch(() => undefined)
  if (made) await nativeCall(() => made.dispose())
}
