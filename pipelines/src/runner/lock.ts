import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const heartbeatMs = 4_000
/** A lock without a heartbeat for so long belongs to a run that was killed on another machine. */
const staleMs = 60_000
const pollMs = 150

export interface Lock {
  release(): Promise<void>
}

/** What a lock file says. */
export interface LockHolder {
  readonly host: string
  readonly pid: number
  /** For people who look: what is being computed. */
  readonly node: string
}

/**
 * Takes the lock at `path`, waiting while a living run holds it. Before each try `done` is asked; once it says
 * true there is nothing left to do and undefined is returned.
 */
export async function acquireLock(
  path: string,
  node: string,
  done: () => Promise<boolean>,
): Promise<Lock | undefined> {
  const holder: LockHolder = { host: hostname(), pid: process.pid, node }
  await mkdir(dirname(path), { recursive: true })
  for (;;) {
    if (await done()) return undefined
    if (await create(path, holder)) {
      // Another run may have finished between the question and the lock.
      if (await done()) {
        await rm(path, { force: true })
        return undefined
      }
      return hold(path)
    }
    if (await isStale(path)) await removeStale(path)
    else await sleep(pollMs)
  }
}

/**
 * Two that wait may find the same dead lock: the slower one must not take away what the faster one has made since.
 * A rename moves one file for one of them; a living lock that was moved by mistake goes back.
 */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`
  try {
    await rename(path, aside)
    if (!(await isStale(aside))) await link(aside, path)
  } catch {
    // Another one was faster.
  }
  await rm(aside, { force: true })
}

function hold(path: string): Lock {
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  return {
    async release() {
      clearInterval(heartbeat)
      await rm(path, { force: true })
    },
  }
}

async function create(path: string, holder: LockHolder): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(JSON.stringify(holder))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** True where the holder is dead: its process is gone on this machine, or its heartbeat has stopped. */
export async function isStale(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    const ageMs = Date.now() - mtimeMs
    if (ageMs > staleMs) return true
    const text = await readFile(path, 'utf8')
    // A lock just made may not have its holder's name in it yet.
    if (text === '') return ageMs > 2_000
    const holder = JSON.parse(text) as LockHolder
    return holder.host === hostname() && !isAlive(holder.pid)
  } catch {
    // It went away while we looked.
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
