import { constants } from 'node:buffer'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { InputError } from '@serflow/core'

/** A file's bytes and their SHA-256 in hexadecimal. */
export interface FileBytes {
  readonly bytes: Uint8Array
  readonly digest: string
}

/**
 * Reads a whole file, also beyond the 2 GiB that Node reads and digests in one go.
 *
 * @param limits how much is read and digested at a time, and how much a buffer can hold
 * @throws InputError where the file is larger than this Node can hold in one piece; as fs where it cannot be read
 */
export async function readFileBytes(
  path: string,
  { pieceBytes = 2 ** 30, mostBytes = constants.MAX_LENGTH } = {},
): Promise<FileBytes> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > mostBytes) {
      throw new InputError(
        `${path}: ${gibibytes(size)} are more than this Node holds in one piece (${gibibytes(mostBytes)}); ` +
          'take Node 22 or later, or fewer augmented copies of the speaker',
      )
    }
    const bytes = Buffer.allocUnsafeSlow(size)
    const hash = createHash('sha256')
    let read = 0
    while (read < size) {
      const length = Math.min(pieceBytes, size - read)
      const { bytesRead } = await file.read(bytes, read, length, read)
      // Cut short while it is read: what is there has another digest.
      if (bytesRead === 0) break
      hash.update(bytes.subarray(read, read + bytesRead))
      read += bytesRead
    }
    return { bytes: bytes.subarray(0, read), digest: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
