import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What a file is. */
export interface Sums {
  readonly bytes: number
  /** In hexadecimal, as all sums. */
  readonly md5: string
  readonly sha256: string
}

/** Size, MD5 and SHA-256 of a file, read in pieces. */
export async function sumsOf(path: string, onProgress?: (bytes: number) => void): Promise<Sums> {
  const { size } = await stat(path)
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let bytes = 0
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const data = piece as Buffer
    md5.update(data)
    sha256.update(data)
    bytes += data.length
    onProgress?.(bytes)
  }
  return { bytes: size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}

/** What of a file is not as expected, in words; undefined where all is. */
export function difference(found: Sums, expected: Pick<Sums, 'bytes' | 'md5'> & Partial<Sums>) {
  if (found.bytes !== expected.bytes) return `has ${found.bytes} bytes, expected ${expected.bytes}`
  if (found.md5 !== expected.md5) return `has the MD5 ${found.md5}, expected ${expected.md5}`
  if (expected.sha256 !== undefined && found.sha256 !== expected.sha256) {
    return `has the SHA-256 ${found.sha256}, expected ${expected.sha256}`
  }
  return undefined
}
