/** The part of parquetjs-lite 0.8.7 that this package uses; it ships no types. */
declare module 'parquetjs-lite' {
  import type { Writable } from 'node:stream'

  export interface FieldDefinition {
    readonly type: 'UTF8' | 'INT32' | 'DOUBLE' | 'BOOLEAN'
    readonly optional?: boolean
    readonly compression?: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP'
  }

  export class ParquetSchema {
    constructor(fields: Readonly<Record<string, FieldDefinition>>)
    readonly fieldList: readonly { readonly name: string }[]
  }

  export class ParquetWriter {
    static openStream(schema: ParquetSchema, stream: Writable): Promise<ParquetWriter>
    appendRow(row: Readonly<Record<string, unknown>>): Promise<void>
    setMetadata(key: string, value: string): void
    setRowGroupSize(rows: number): void
    close(): Promise<void>
  }

  export class ParquetReader {
    static openBuffer(buffer: Buffer): Promise<ParquetReader>
    getCursor(): { next(): Promise<Record<string, unknown> | null> }
    getSchema(): ParquetSchema
    getMetadata(): Record<string, string>
    close(): Promise<void>
  }

  const parquet: {
    readonly ParquetSchema: typeof ParquetSchema
    readonly ParquetWriter: typeof ParquetWriter
    readonly ParquetReader: typeof ParquetReader
  }
  export default parquet
}
