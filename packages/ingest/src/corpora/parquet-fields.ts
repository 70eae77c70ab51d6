/** What Parquet files say of their columns beside the values: units of times, which the types alone do not tell. */
import type { FileMetaData, SchemaElement } from 'hyparquet'

/** How the values of a column are to be read, where their type alone does not say it. */
export type ColumnKind =
  /** A length of time, or a time of day, in so many parts of a second. */
  | { readonly what: 'duration' | 'clock'; readonly perSecond: bigint }
  /** Digits that a number may not hold all. */
  | { readonly what: 'decimal' }

/**
 * The columns that hold durations, times of day or decimals, by name. Durations are known from the Arrow schema alone
 * that pyarrow, pandas and polars leave in the file: in Parquet's own terms they are plain whole numbers.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format
 */
export function columnKinds({
  schema,
  key_value_metadata: facts = [],
}: FileMetaData): ReadonlyMap<string, ColumnKind> {
  const kinds = new Map<string, ColumnKind>()
  for (const { name, logical_type: logical, converted_type: converted } of topLevel(schema)) {
    const unit = logical?.type === 'TIME' ? logical.unit : /^TIME_(.*)$/.exec(converted ?? '')?.[1]
    if (unit !== undefined) kinds.set(name, { what: 'clock', perSecond: perSecondOf[unit]! })
    if (converted === 'DECIMAL') kinds.set(name, { what: 'decimal' })
  }
  const arrow = facts.find(({ key }) => key === 'ARROW:schema')?.value
  for (const { name, type, perSecond } of arrow === undefined ? [] : arrowFields(arrow)) {
    if (type === durationType) kinds.set(name, { what: 'duration', perSecond })
  }
  return kinds
}

/** The columns themselves, without the root before them and the parts of nested ones. */
function topLevel(schema: readonly SchemaElement[]): readonly SchemaElement[] {
  const after = (at: number): number => {
    let next = at + 1
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = after(next)
    return next
  }
  const columns: SchemaElement[] = []
  for (let at = 1; at < schema.length; at = after(at)) columns.push(schema[at]!)
  return columns
}

const perSecondOf: Readonly<Record<string, bigint>> = {
  MILLIS: 1000n,
  MICROS: 1000_000n,
  NANOS: 1000_000_000n,
}

/** As Arrow's Schema.fbs numbers its types and units of time. */
const durationType = 18
const arrowUnits = [1n, 1000n, 1000_000n, 1000_000_000n]

/** Name, type and unit of the fields of an encapsulated schema message in base64. */
function arrowFields(base64: string) {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  const view = new DataView(bytes.buffer)
  // Newer messages begin with a mark of continuation, then all with their length.
  const start = view.getUint32(0, true) === 0xffffffff ? 8 : 4
  const follow = (at: number) => at + view.getUint32(at, true)
  /** Where a table's field lies; undefined where it has its default. */
  const field = (table: number, index: number) => {
    const places = table - view.getInt32(table, true)
    const at = 4 + 2 * index
    const offset = at < view.getUint16(places, true) ? view.getUint16(places + at, true) : 0
    return offset === 0 ? undefined : table + offset
  }
  const message = follow(start)
  const schema = follow(field(message, 2)!)
  const list = field(schema, 1)
  if (list === undefined) return []
  const first = follow(list)
  return Array.from({ length: view.getUint32(first, true) }, (_, index) => {
    const table = follow(first + 4 + 4 * index)
    const name = field(table, 0)
    const type = field(table, 2)
    const inner = field(table, 3)
    const unit = inner === undefined ? undefined : field(follow(inner), 0)
    return {
      name: name === undefined ? '' : textAt(bytes, view, follow(name)),
      type: type === undefined ? 0 : view.getUint8(type),
      // Milliseconds are what is left out.
      perSecond: arrowUnits[unit === undefined ? 1 : view.getInt16(unit, true)] ?? 1000n,
    }
  })
}

function textAt(bytes: Uint8Array, view: DataView, at: number): string {
  return new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + view.getUint32(at, true)))
}
