import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError } from '@serflow/core'

/** Free bytes, for this user, on the disk that a path is on; the path need not exist yet. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    const above = dirname(path)
    if (codeOf(error) !== 'ENOENT' || above === path) return Infinity
    return freeBytes(above)
  }
}

/** @throws InputError where fewer bytes are free than are needed */
export function checkSpace(path: string, neededBytes: number, free: number): void {
  if (free < neededBytes) throw diskFull(path, neededBytes, free)
}

/** Does what writes to a disk; a full disk, and one that may not be written to, become errors a user can mend. */
export async function writing<T>(
  path: string,
  neededBytes: number,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const free = await freeBytes(path)
      throw diskFull(path, neededBytes, free)
    }
    if (
      code !== undefined &&
      ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST'].includes(code)
    ) {
      const place = error instanceof Error && 'path' in error ? String(error.path) : path
      throw new InputError(
        `${place}: cannot be written (${code}); mend that, or name another folder with --data`,
      )
    }
    throw error
  }
}

function diskFull(path: string, neededBytes: number, free: number): InputError {
  return new InputError(
    `${path}: the disk has too little room: ${megabytes(neededBytes)} more are needed, ${megabytes(free)} are free; ` +
      'free some, or name a folder on another disk with --data',
  )
}

/** `208 MB`; below 10 MB with one decimal. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
