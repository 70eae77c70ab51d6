import { quietly } from './decoder.js'

/** What the decoder packages have in common. */
interface PackageDecoder {
  readonly ready: Promise<unknown>
}

/** A decoder in use by one file. */
export interface Lease<D> {
  /**
   * Calls it. After an error it is not used for another file.
   *
   * @param work does its work before it returns
   */
  use<T>(work: (decoder: D) => T): T
  /** Makes it as new. */
  renew(): void
  close(): void
}

/**
 * Decoders in WebAssembly, kept for the next file: to start an instance and to collect its 16 MB as garbage takes longer
 * than to decode a short file. In between its memory is put back, byte by byte, to what it was when the instance was
 * new, so that nothing of a file is left for the next.
 */
export interface Instances<D> {
  /**
   * @param kind decoders of one kind are alike; with `undefined` it is not kept
   * @param make makes one where none is free
   */
  take(kind: string | undefined, make: () => D): Promise<Lease<D>>
}

export function keptInstances<D extends PackageDecoder>(): Instances<D> {
  const free = new Map<string, Instance<D>[]>()
  return {
    async take(kind, make) {
      const alike = kind === undefined ? [] : (free.get(kind) ?? [])
      if (kind !== undefined) free.set(kind, alike)
      const instance = alike.pop() ?? (await newInstance(make))
      /** Whether it broke or was given back. */
      let gone = false
      return {
        use(work) {
          try {
            return quietly(() => work(instance.decoder))
          } catch (error) {
            gone = true
            throw error
          }
        },
        renew() {
          if (!gone && instance.putBack()) return
          gone = true
          throw new Error('the decoder cannot go on')
        },
        close() {
          const isWanted = !gone && kind !== undefined && alike.length < mostKept
          if (isWanted && instance.putBack()) alike.push(instance)
          gone = true
        },
      }
    },
  }
}

/** As many files as are read at once. */
const mostKept = 4

interface Instance<D> {
  readonly decoder: D
  /** Whether it could be made as new. */
  putBack(): boolean
}

async function newInstance<D extends PackageDecoder>(make: () => D): Promise<Instance<D>> {
  const decoder = make()
  await decoder.ready
  const fields = fieldsOf(decoder)
  const memory = memoryOf(decoder)
  const zeros = new Uint8Array(span)
  const used = memory.subarray(0, usedBytes(memory, 0, zeros))
  const image = used.slice()
  return {
    decoder,
    putBack() {
      // It has another memory once that has grown.
      if (memoryOf(decoder).buffer !== memory.buffer || memory.length === 0) return false
      used.set(image)
      memory.fill(0, used.length, usedBytes(memory, used.length, zeros))
      Object.assign(decoder, fields)
      return true
    },
  }
}

/** Numbers and flags that the package keeps beside the memory. */
function fieldsOf(decoder: object): object {
  const isPlain = (value: unknown) => typeof value === 'number' || typeof value === 'boolean'
  return Object.fromEntries(Object.entries(decoder).filter(([, value]) => isPlain(value)))
}

/** The packages show their memory to themselves only. */
function memoryOf(decoder: object): Uint8Array {
  const common: unknown = Reflect.get(decoder, '_common')
  const wasm: unknown = isObject(common) ? Reflect.get(common, 'wasm') : undefined
  const heap: unknown = isObject(wasm) ? Reflect.get(wasm, 'HEAP') : undefined
  if (!(heap instanceof ArrayBuffer)) throw new Error('the decoder shows no memory')
  return new Uint8Array(heap)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/**
 * Where the used part ends: data, stack and heap, which grows upwards, lie at the beginning of a memory that is 0 when it
 * is new. No block of theirs is 1 MiB long and left as it is but for the bytes behind it.
 */
function usedBytes(memory: Uint8Array, from: number, zeros: Uint8Array): number {
  let at = from
  while (at < memory.length) {
    const end = Math.min(at + span, memory.length)
    if (Buffer.compare(memory.subarray(at, end), zeros.subarray(0, end - at)) === 0) return at
    at = end
  }
  return at
}

const span = 2 ** 20
