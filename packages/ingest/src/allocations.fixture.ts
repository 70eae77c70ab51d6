const elementBytes = {
  ArrayBuffer: 1,
  SharedArrayBuffer: 1,
  Int8Array: 1,
  Uint8Array: 1,
  Uint8ClampedArray: 1,
  Int16Array: 2,
  Uint16Array: 2,
  Int32Array: 4,
  Uint32Array: 4,
  Float32Array: 4,
  Float64Array: 8,
  BigInt64Array: 8,
  BigUint64Array: 8,
  Array: 8,
} as const

/** Of a piece of work, in bytes. */
export interface Allocations<T> {
  readonly result: T
  /** The largest block of memory. */
  readonly largestBytes: number
  /** All of them, also those that are free again. */
  readonly totalBytes: number
}

/**
 * The blocks of memory that are asked for meanwhile: typed arrays, buffers of any kind and arrays of a
 * given length, by their constructors, `from` and Buffer's own functions. Before it is made: too large a one would fail.
 */
export async function watchAllocations<T>(work: () => Promise<T>): Promise<Allocations<T>> {
  let largestBytes = 0
  let totalBytes = 0
  const note = (count: unknown, size: number) => {
    if (typeof count !== 'number') return
    largestBytes = Math.max(largestBytes, count * size)
    totalBytes += count * size
  }
  const restore: (() => void)[] = []
  const replace = (owner: object, name: string, value: unknown) => {
    const before: unknown = Reflect.get(owner, name)
    Reflect.set(owner, name, value)
    restore.push(() => Reflect.set(owner, name, before))
  }
  for (const [name, size] of Object.entries(elementBytes)) {
    replace(globalThis, name, watched(Reflect.get(globalThis, name) as Constructor, size, note))
  }
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const make = Buffer[name].bind(Buffer)
    replace(Buffer, name, (size: number) => {
      note(size, 1)
      return make(size)
    })
  }
  try {
    const result = await work()
    return { result, largestBytes, totalBytes }
  } finally {
    for (const undo of restore.reverse()) undo()
  }
}

type Constructor = new (...args: unknown[]) => object

function watched(
  type: Constructor,
  size: number,
  note: (count: unknown, size: number) => void,
): Constructor {
  return new Proxy(type, {
    construct(target, args: unknown[], newTarget: Constructor) {
      const [given] = args
      note(typeof given === 'number' ? given : lengthOf(given), size)
      return Reflect.construct(target, args, newTarget) as object
    },
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (name !== 'from' || typeof value !== 'function') return value
      return (items: unknown, ...rest: unknown[]) => {
        note(lengthOf(items), size)
        return Reflect.apply(value, target, [items, ...rest]) as object
      }
    },
  })
}

/** Of what is copied; a buffer is not copied but looked at. */
function lengthOf(items: unknown): unknown {
  return typeof items === 'object' && items !== null ? Reflect.get(items, 'length') : undefined
}
