import { decodeClipTensors, encodeClipTensors } from './arrow.js'
import { decodeWeights, encodeWeights } from './arrow.js'
import { joinBytes } from './bytes.js'
import type { ClipTensorStream, ClipTensors, Weights } from './tensor-sets.js'
import { canonicalJson } from './json.js'
import { decodeTable, encodeTable, type Columns, type OpenColumns } from './parquet.js'

/** How one kind of artefact is read: a name, a file ending, and from its bytes to a value. */
export interface ArtefactReader<T> {
  readonly name: string
  readonly extension: 'parquet' | 'arrow' | 'json' | 'onnx' | 'html'
  decode(bytes: Uint8Array): Promise<T>
}

/**
 * How one kind of artefact is stored, both directions. Equal values give equal bytes. `Written` is wider than what is
 * read where a value may come bit by bit.
 */
export interface ArtefactType<T, Written = T> extends ArtefactReader<T> {
  encode(value: Written): Promise<Uint8Array>
  /** The same bytes in pieces, one after the other, so that they need not be in memory together. */
  pieces(value: Written): AsyncIterable<Uint8Array>
}

/** A table as Parquet; rows are checked against the columns on both ways. */
export function tableType<T extends Record<string, unknown>>(
  name: string,
  columns: Columns<T>,
  open: OpenColumns = {},
): ArtefactType<readonly T[]> {
  const encode = (rows: readonly T[]) => encodeTable(name, columns, rows, open)
  return {
    name,
    extension: 'parquet',
    encode,
    pieces: inOnePiece(encode),
    decode: (bytes) => decodeTable(name, columns, bytes, open),
  }
}

/** A tensor a clip as an Arrow IPC file: one record batch a clip, one row a frame or segment, as rowName says. */
export function clipTensorsType(
  name: string,
  rowName: string,
): ArtefactType<ClipTensors, ClipTensors | ClipTensorStream> {
  const pieces = (set: ClipTensors | ClipTensorStream) => encodeClipTensors(set, rowName)
  return {
    name,
    extension: 'arrow',
    async encode(set) {
      const all: Uint8Array[] = []
      for await (const piece of pieces(set)) all.push(piece)
      return joinBytes(all)
    },
    pieces,
    decode: async (bytes) => decodeClipTensors(bytes),
  }
}

/** Named weights as an Arrow IPC file: one row a tensor. */
export function weightsType(name: string): ArtefactType<Weights> {
  const encode = async (value: Weights) => encodeWeights(value)
  return {
    name,
    extension: 'arrow',
    encode,
    pieces: inOnePiece(encode),
    decode: async (bytes) => decodeWeights(bytes),
  }
}

/** A record as canonical JSON: keys sorted, so that equal records are equal bytes. */
export function jsonType<T>(name: string): ArtefactType<T> {
  const encode = async (value: T) => new TextEncoder().encode(canonicalJson(value) + '\n')
  return {
    name,
    extension: 'json',
    encode,
    pieces: inOnePiece(encode),
    decode: async (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as T,
  }
}

/** Bytes as they are. */
export function bytesType(name: string, extension: 'onnx' | 'html'): ArtefactType<Uint8Array> {
  const encode = async (bytes: Uint8Array) => bytes
  return {
    name,
    extension,
    encode,
    pieces: inOnePiece(encode),
    decode: async (bytes) => bytes,
  }
}

function inOnePiece<T>(encode: (value: T) => Promise<Uint8Array>) {
  return async function* (value: T): AsyncGenerator<Uint8Array> {
    yield await encode(value)
  }
}
