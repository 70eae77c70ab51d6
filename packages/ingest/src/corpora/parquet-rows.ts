import { InputError } from '@serflow/core'
import type { ConvertedType, SchemaElement } from 'hyparquet'
import { columnKinds, type ColumnKind } from './parquet-fields.js'
import type { Line } from './table-rows.js'

/**
 * The rows of a Parquet file as texts, the first one the names of its columns. Durations are written as pandas writes
 * them (`0 days 00:00:01.5`), times of day as `00:00:01.5`, dates and timestamps as ISO 8601; lists, maps and structs are
 * JSON. What is not there or not a number is an empty text.
 *
 * @param path for messages
 * @throws InputError naming the file that is no Parquet, the column of a type that cannot be read, or row and column of
 *   bytes that are no text and of decimals that would be rounded
 */
export async function parquetLines(bytes: Uint8Array, path: string): Promise<Line[]> {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet')
  // A copy: what was read may lie within a larger buffer.
  const file = new Uint8Array(bytes).buffer
  const read = async () => {
    const metadata = parquetMetadata(file)
    const unread = metadata.schema.find(({ converted_type: type }) => unreadTypes.has(type))
    if (unread) throw new InputError(unreadMessage(path, unread))
    const compressors = await decompressors()
    const rows: Record<string, unknown>[] = await parquetReadObjects({ file, compressors, parsers })
    return { rows, kinds: columnKinds(metadata) }
  }
  const { rows, kinds } = await read().catch((error: unknown) => {
    if (error instanceof InputError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new InputError(
      `"${path}" cannot be read as Parquet (${why.split('\n')[0]}); is it whole? Else write it anew`,
    )
  })
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (name) => !/^__index_level_\d+__$/.test(name),
  )
  return [
    { where: `"${path}"`, cells: columns },
    ...rows.map((row, index) => {
      const where = `"${path}", row ${index + 1}`
      const cells = columns.map((name) => {
        const read = textOf(row[name], kinds.get(name))
        if (typeof read === 'string') return read
        throw new InputError(
          `${where}: the column "${name}" holds ${read.fault}; write it as text, or leave it out`,
        )
      })
      return { where, cells }
    }),
  ]
}

/** Those of Parquet but LZO, which no writer has any more; snappy is the reader's own. */
async function decompressors() {
  const { compressors } = await import('hyparquet-compressors')
  const { brotliDecompressSync, gunzipSync } = await import('node:zlib')
  return {
    ...compressors,
    GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)),
    BROTLI: (input: Uint8Array) => new Uint8Array(brotliDecompressSync(input)),
  }
}

/** Types that the reader stops at, even in columns that nobody asks for. */
const unreadTypes: ReadonlySet<ConvertedType | undefined> = new Set(['INTERVAL', 'BSON'])

function unreadMessage(path: string, { name, converted_type: type }: SchemaElement): string {
  return `"${path}": the column "${name}" is of the type ${type}, which cannot be read; write it as text or as seconds, or leave it out`
}

/** Times as texts, which keep all digits, and texts only where they are such. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => timestamp(BigInt(value), 1000n),
  timestampFromMicroseconds: (value: bigint) => timestamp(BigInt(value), 1000_000n),
  timestampFromNanoseconds: (value: bigint) => timestamp(BigInt(value), 1000_000_000n),
  dateFromDays: (days: number) => timestamp(BigInt(days) * 86400n, 1n).slice(0, -14),
  stringFromBytes: (bytes: Uint8Array) => bytes && decoded(bytes),
}

function timestamp(value: bigint, perSecond: bigint): string {
  const within = ((value % perSecond) + perSecond) % perSecond
  const seconds = Number((value - within) / perSecond)
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return `${value}/${perSecond} s after 1970`
  const digits = String(within).padStart(String(perSecond).length - 1, '0')
  const shown = digits.replace(/0+$/, '').padEnd(3, '0')
  return date.toISOString().replace('000Z', `${shown}Z`)
}

function decoded(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes
  }
}

type Fault = { readonly fault: string }
const noText: Fault = { fault: 'bytes that are no UTF-8 text' }

function textOf(value: unknown, kind: ColumnKind | undefined): string | Fault {
  if (value === null || value === undefined || Number.isNaN(value)) return ''
  if (kind?.what === 'decimal' && Math.abs(Number(value)) > Number.MAX_SAFE_INTEGER) {
    return { fault: `the decimal ${String(value)}, which has more digits than can be read` }
  }
  if (typeof value === 'bigint' || typeof value === 'number') {
    return kind === undefined || kind.what === 'decimal'
      ? String(value)
      : timeText(BigInt(value), kind)
  }
  if (value instanceof Uint8Array) {
    const text = decoded(value)
    return typeof text === 'string' ? text : noText
  }
  if (typeof value !== 'object') return String(value)
  let bytes = false
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint')
      return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner)
    if (!(inner instanceof Uint8Array)) return inner
    bytes = true
    return null
  })
  return bytes ? noText : text
}

/** `0 days 00:00:01.5`, or without days for a time of day. */
function timeText(
  value: bigint,
  { what, perSecond }: Exclude<ColumnKind, { what: 'decimal' }>,
): string {
  const length = value < 0n ? -value : value
  const digits = String(length % perSecond).padStart(String(perSecond).length - 1, '0')
  const fraction = digits.replace(/0+$/, '')
  const whole = length / perSecond
  const two = (part: bigint) => String(part).padStart(2, '0')
  const [days, hours] =
    what === 'clock' ? [0n, whole / 3600n] : [whole / 86400n, (whole / 3600n) % 24n]
  const clock = `${two(hours)}:${two((whole / 60n) % 60n)}:${two(whole % 60n)}`
  return (
    (value < 0n ? '-' : '') +
    (what === 'clock' ? '' : `${days} days `) +
    clock +
    (fraction === '' || perSecond === 1n ? '' : `.${fraction}`)
  )
}
