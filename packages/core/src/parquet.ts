import { Writable } from 'node:stream'
import parquet, { type FieldDefinition } from 'parquetjs-lite'

// A CommonJS module whose names Node cannot see.
const { ParquetReader, ParquetSchema, ParquetWriter } = parquet

/** Kind of a column; with `?` it may be null. */
export type ColumnKind =
  'string' | 'integer' | 'number' | 'boolean' | 'string?' | 'integer?' | 'number?' | 'boolean?'

/** A kind for each field of the row. */
export type Columns<T> = {
  readonly [
    Name in keyof T & string as string extends Name
      ? never
      : Name extends `p_${string}`
        ? never
        : Name
  ]: ColumnKind
}

/** Columns that are known from the rows only. */
export interface OpenColumns {
  /** Fields with this prefix are number columns, in the order of the first row. */
  readonly numbersWithPrefix?: string
}

const parquetTypes = {
  string: 'UTF8',
  integer: 'INT32',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
} as const

/**
 * Rows to Parquet bytes, Snappy-compressed, one row group, columns in the order given.
 *
 * @throws TypeError naming the table, row and column of a value that does not fit: parquetjs-lite would drop
 *   or truncate it silently
 */
export async function encodeTable<T extends Record<string, unknown>>(
  name: string,
  columns: Columns<T>,
  rows: readonly T[],
  open: OpenColumns = {},
): Promise<Uint8Array> {
  const all = allColumns(columns, Object.keys(rows[0] ?? {}), open)
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
  const writer = await ParquetWriter.openStream(new ParquetSchema(fieldsOf(all)), sink)
  writer.setRowGroupSize(Math.max(1, rows.length))
  for (const [index, row] of rows.entries()) {
    checkRow(name, all, row, index)
    await writer.appendRow(
      Object.fromEntries(Object.entries(row).filter(([, item]) => item !== null)),
    )
  }
  await writer.close()
  return Buffer.concat(chunks)
}

/**
 * Parquet bytes to rows.
 *
 * @throws TypeError where columns or values are not what the table declares
 */
export async function decodeTable<T extends Record<string, unknown>>(
  name: string,
  columns: Columns<T>,
  bytes: Uint8Array,
  open: OpenColumns = {},
): Promise<readonly T[]> {
  const reader = await ParquetReader.openBuffer(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  )
  const found = reader.getSchema().fieldList.map((field) => field.name)
  const all = allColumns(columns, found, open)
  const missing = Object.keys(all).filter((column) => !found.includes(column))
  if (missing.length > 0) {
    throw new TypeError(
      `table ${name} lacks the columns ${missing.join(', ')}; it has ${found.join(', ')}`,
    )
  }
  const rows: T[] = []
  const cursor = reader.getCursor()
  for (let record = await cursor.next(); record; record = await cursor.next()) {
    const source = record
    const row = Object.fromEntries(
      Object.keys(all).map((column) => [column, source[column] ?? null]),
    )
    checkRow(name, all, row, rows.length)
    rows.push(row as T)
  }
  await reader.close()
  return rows
}

function allColumns(
  columns: object,
  found: readonly string[],
  open: OpenColumns,
): Record<string, ColumnKind> {
  const all: Record<string, ColumnKind> = { ...(columns as Record<string, ColumnKind>) }
  const prefix = open.numbersWithPrefix
  if (prefix) for (const column of found) if (column.startsWith(prefix)) all[column] = 'number'
  return all
}

function fieldsOf(columns: Record<string, ColumnKind>): Record<string, FieldDefinition> {
  return Object.fromEntries(
    Object.entries(columns).map(([column, kind]) => {
      const type = parquetTypes[kind.replace('?', '') as keyof typeof parquetTypes]
      return [column, { type, optional: kind.endsWith('?'), compression: 'SNAPPY' }]
    }),
  )
}

function checkRow(
  name: string,
  columns: Record<string, ColumnKind>,
  row: Readonly<Record<string, unknown>>,
  index: number,
): void {
  for (const column of Object.keys(row)) {
    if (!(column in columns))
      throw new TypeError(`table ${name}, row ${index}: unknown column "${column}"`)
  }
  for (const [column, kind] of Object.entries(columns)) {
    const item = row[column] ?? null
    if (!fits(item, kind)) {
      throw new TypeError(
        `table ${name}, row ${index}, column "${column}": ${String(item)} is no ${kind}`,
      )
    }
  }
}

function fits(item: unknown, kind: ColumnKind): boolean {
  if (item === null) return kind.endsWith('?')
  switch (kind.replace('?', '')) {
    case 'string':
      return typeof item === 'string'
    case 'integer':
      return Number.isInteger(item) && Math.abs(item as number) < 2 ** 31
    case 'number':
      return typeof item === 'number' && Number.isFinite(item)
    default:
      return typeof item === 'boolean'
  }
}
