/** Items in order, read lazily: one at a time is in memory, so a corpus need not fit. */
export interface Sequence<T> extends AsyncIterable<T> {
  /** Number of items, known beforehand. */
  readonly length: number
}

/** A sequence over items that are made on demand, one after the other. */
export function sequence<T>(length: number, make: (index: number) => Promise<T> | T): Sequence<T> {
  return {
    length,
    async *[Symbol.asyncIterator]() {
      for (let index = 0; index < length; index++) yield await make(index)
    },
  }
}
