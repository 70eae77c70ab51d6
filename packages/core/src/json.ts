import { createHash } from 'node:crypto'

/**
 * JSON with sorted keys and no blanks, so that equal values are equal text.
 *
 * @throws TypeError for a number that is not finite, which JSON would silently turn into null
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) {
      throw new TypeError(`"${key}" is ${item}, which JSON cannot hold`)
    }
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return item
    return Object.fromEntries(
      Object.entries(item).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
    )
  })
}

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
