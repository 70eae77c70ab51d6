import { decodeClipTensors, encodeClipTensors } from './arrow.js'
import { decodeWeights, encodeWeights } from './arrow.js'
import type { ClipTensors, Weights } from './tensor-sets.js'
import { canonicalJson } from './json.js'
import { decodeTable, encodeTable, type Columns, type OpenColumns } from './parquet.js'

/** How one kind of artefact is stored: a name, a file ending, and both directions. Equal values give equal bytes. */
export interface ArtefactType<T> {
  readonly name: string
  readonly extension: 'parquet' | 'arrow' | 'json' | 'onnx' | 'html'
  encode(value: T): Promise<Uint8Array>
  decode(bytes: Uint8Array): Promise<T>
}

/** A table as Parquet; rows are checked against the columns on both ways. */
export function tableType<T extends Record<string, unknown>>(
  name: string,
  columns: Columns<T>,
  open: OpenColumns = {},
): ArtefactType<readonly T[]> {
  return {
    name,
    extension: 'parquet',
    encode: (rows) => encodeTable(name, columns, rows, open),
    decode: (bytes) => decodeTable(name, columns, bytes, open),
  }
}

/** A tensor a clip as an Arrow IPC file: one record batch a clip, one row a frame or segment. */
export function clipTensorsType(name: string): ArtefactType<ClipTensors> {
  return {
    name,
    extension: 'arrow',
    encode: async (value) => encodeClipTensors(value),
    decode: async (bytes) => decodeClipTensors(bytes),
  }
}

/** Named weights as an Arrow IPC file: one row a tensor. */
export function weightsType(name: string): ArtefactType<Weights> {
  return {
    name,
    extension: 'arrow',
    encode: async (value) => encodeWeights(value),
    decode: async (bytes) => decodeWeights(bytes),
  }
}

/** A record as canonical JSON: keys sorted, so that equal records are equal bytes. */
export function jsonType<T>(name: string): ArtefactType<T> {
  return {
    name,
    extension: 'json',
    encode: async (value) => new TextEncoder().encode(canonicalJson(value) + '\n'),
    decode: async (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as T,
  }
}

/** Bytes as they are. */
export function bytesType(name: string, extension: 'onnx' | 'html'): ArtefactType<Uint8Array> {
  return { name, extension, encode: async (bytes) => bytes, decode: async (bytes) => bytes }
}
