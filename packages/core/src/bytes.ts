/** Bytes one after the other; a single array is handed back as it is. */
export function joinBytes(arrays: readonly Uint8Array[]): Uint8Array {
  const [only] = arrays
  if (only && arrays.length === 1) return only
  const joined = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let place = 0
  for (const array of arrays) {
    joined.set(array, place)
    place += array.byteLength
  }
  return joined
}
