import { readFile, stat } from 'node:fs/promises'
import { InputError, openFile, sha256, type OpenFile, type RawFile } from '@serflow/core'
import { digestFile } from './file-digests.js'

/**
 * A file of the user's that is what it was when the run was planned.
 *
 * @param path for messages
 * @param digest SHA-256 that it must have when it is read; another one is an InputError
 */
export function rawFile(location: string, path: string, digest: string): RawFile {
  const lost = (error: NodeJS.ErrnoException): never => {
    throw new InputError(`${path} cannot be read (${error.code ?? error.message}); run again`)
  }
  const expectDigest = (found: string) => {
    if (found === digest) return
    throw new InputError(`${path} changed while the run was using it; run again`)
  }
  return {
    path,
    digest,
    async read() {
      const bytes = await readFile(location).catch(lost)
      expectDigest(sha256(bytes))
      return bytes
    },
    async open() {
      const { size } = await stat(location).catch(lost)
      if (size <= smallBytes) return inMemory(await this.read())
      expectDigest(await digestFile(location).catch(lost))
      return openFile(location)
    },
  }
}

/** Read at once: to read a file twice takes longer than to hold it. */
const smallBytes = 64 << 20

function inMemory(bytes: Uint8Array): OpenFile {
  return {
    size: bytes.length,
    read: (start, end) => bytes.subarray(start, end),
    close: () => undefined,
  }
}
