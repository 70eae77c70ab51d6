import {
  AsyncByteQueue,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  makeData,
  makeVector,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  type Data,
  type Vector,
} from 'apache-arrow'
import { joinBytes } from './bytes.js'
import type { ClipTensor, ClipTensorStream, ClipTensors, RowTimes, Weights } from './tensor-sets.js'
import { canonicalJson } from './json.js'
import { expectShape, sizeOf, type Tensor } from './tensor.js'

/**
 * Clips to the bytes of an Arrow IPC file, in pieces: no more than one clip is held at a time. One record batch a clip,
 * one row a frame or segment, with the columns
 *
 *   clipId, utteranceId, effects   dictionaries of strings
 *   <rowName>                      Int32, from 0 within the clip
 *   startSeconds                   Float64, where the row begins within the clip, see RowTimes
 *   values                         FixedSizeList<Float32>, the row in row-major order of its shape
 *
 * Schema metadata: rowShape, rowTimes and settings, as JSON.
 *
 * @param rowName what a row is: `frame` or `segment`
 * @throws RangeError naming a clip whose tensor has another shape; Error where a stream brings other clips than it names
 */
export async function* encodeClipTensors(
  set: ClipTensors | ClipTensorStream,
  rowName: string,
): AsyncGenerator<Uint8Array> {
  const columns = clipColumns(set, rowName)
  const { writer, taken } = drainedWriter(columns.schema)
  const names = 'rows' in set ? set.rows : set.clips
  let count = 0
  for await (const clip of set.clips) {
    const name = names[count++]?.clipId
    if (clip.clipId !== name)
      throw new Error(`clip ${clip.clipId} comes where ${name ?? 'none'} was named`)
    writer.write(columns.batch(clip))
    yield* gathered(taken())
  }
  if (count < names.length) throw new Error(`clip ${names[count]!.clipId} was named and never came`)
  writer.close()
  yield* gathered(taken())
}

function clipColumns(set: ClipTensors | ClipTensorStream, rowName: string) {
  const { rowShape, rowTimes } = set
  const { hopSamples, sampleRateHz } = rowTimes
  const width = sizeOf(rowShape)
  const names = 'rows' in set ? set.rows : set.clips
  const ids = (['clipId', 'utteranceId', 'effects'] as const).map((field, id) => {
    const words = names.map((name) => name[field])
    return { field, ...dictionaryOf(id, words) }
  })
  const listType = new FixedSizeList(width, new Field('item', new Float32(), false))
  const fields = [
    ...ids.map(({ field, type }) => new Field(field, type, false)),
    new Field(rowName, new Int32(), false),
    new Field('startSeconds', new Float64(), false),
    new Field('values', listType, false),
  ]
  const metadata = new Map([
    ['rowShape', canonicalJson(rowShape)],
    ['rowTimes', canonicalJson(rowTimes)],
    ['settings', canonicalJson(set.settings)],
  ])
  const schema = new Schema(fields, metadata)
  return {
    schema,
    batch(clip: ClipTensor): RecordBatch {
      expectShape(clip.tensor, [-1, ...rowShape], `clip ${clip.clipId}`)
      const length = clip.tensor.shape[0]!
      const { data } = clip.tensor
      const numbers = Int32Array.from({ length }, (_, row) => row)
      const starts = Float64Array.from(
        numbers,
        (row) => (clip.startSample + hopSamples * row) / sampleRateHz,
      )
      const common = { length, nullCount: 0 }
      const children: Data[] = [
        ...ids.map(({ field, repeat }) => repeat(clip[field], length)),
        makeData({ type: new Int32(), ...common, data: numbers }),
        makeData({ type: new Float64(), ...common, data: starts }),
        makeData({
          type: listType,
          ...common,
          child: makeData({ type: new Float32(), length: data.length, nullCount: 0, data }),
        }),
      ]
      return new RecordBatch(schema, makeData({ type: new Struct(fields), ...common, children }))
    },
  }
}

/**
 * A writer whose bytes are taken from it after each batch. Its own queue would keep them all: it knows no back-pressure
 * and does not say how much it holds.
 */
function drainedWriter(schema: Schema) {
  let pieces: Uint8Array[] = []
  const queue = Object.assign(new AsyncByteQueue(), {
    write(piece: ArrayBufferView) {
      pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength))
    },
  })
  const writer = new RecordBatchFileWriter().reset(queue, schema)
  const taken = () => {
    const all = pieces
    pieces = []
    return all
  }
  return { writer, taken }
}

/** The same bytes with small pieces joined: a batch is mostly a dozen of a few bytes and one large. */
function* gathered(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = []
  for (const piece of pieces) {
    if (piece.byteLength < largePiece) {
      small.push(piece)
      continue
    }
    if (small.length > 0) yield joinBytes(small)
    small = []
    yield piece
  }
  if (small.length > 0) yield joinBytes(small)
}

const largePiece = 65536

/** An Arrow IPC file to clips. The tensors are views of the bytes, not copies, wherever these are aligned. */
export function decodeClipTensors(bytes: Uint8Array): ClipTensors {
  const table = tableFromIPC(aligned(bytes))
  const { metadata } = table.schema
  const read = (name: string): unknown => JSON.parse(metadata.get(name) ?? 'null')
  const rowShape = read('rowShape') as number[]
  const rowTimes = read('rowTimes') as RowTimes
  // Arrow shows a file without batches as one empty batch.
  const batches = table.batches.filter((batch) => batch.numRows > 0)
  const clips = batches.map((batch): ClipTensor => {
    const rows = batch.numRows
    const values = batch.getChild('values')!.data[0]!.children[0]!.values as Float32Array
    const startSeconds = batch.getChild('startSeconds')!.get(0) as number
    return {
      clipId: batch.getChild('clipId')!.get(0) as string,
      utteranceId: batch.getChild('utteranceId')!.get(0) as string,
      effects: batch.getChild('effects')!.get(0) as string,
      startSample: Math.round(startSeconds * rowTimes.sampleRateHz),
      tensor: { data: values.subarray(0, rows * sizeOf(rowShape)), shape: [rows, ...rowShape] },
    }
  })
  return { rowShape, rowTimes, settings: read('settings'), clips }
}

/** Weights to an Arrow IPC file: a row a tensor, with name, shape and values; settings as JSON metadata. */
export function encodeWeights(weights: Weights): Uint8Array {
  const entries = Object.entries(weights.tensors)
  const columns = {
    name: vectorFromArray(
      entries.map(([name]) => name),
      new Utf8(),
    ),
    shape: vectorFromArray(
      entries.map(([, tensor]) => [...tensor.shape]),
      new List(new Field('item', new Int32(), false)),
    ),
    values: listOfFloats(entries.map(([, tensor]) => tensor.data)),
  }
  const table = new Table(columns)
  const schema = new Schema(
    table.schema.fields,
    new Map([['settings', canonicalJson(weights.settings)]]),
  )
  return tableToIPC(new Table(schema, table.batches), 'file')
}

/** An Arrow IPC file to weights. */
export function decodeWeights(bytes: Uint8Array): Weights {
  const table = tableFromIPC(aligned(bytes))
  const tensors: Record<string, Tensor> = {}
  for (const row of table) {
    const shape = Array.from((row.shape as Vector<Int32>).toArray())
    const data = (row.values as Vector<Float32>).toArray()
    tensors[row.name as string] = { data: Float32Array.from(data), shape }
  }
  return { tensors, settings: JSON.parse(table.schema.metadata.get('settings') ?? 'null') }
}

/** Arrow's typed views need 8-byte alignment; a Buffer from a pool may lack it. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes)
}

function listOfFloats(arrays: readonly Float32Array[]): Vector<List<Float32>> {
  const offsets = new Int32Array(arrays.length + 1)
  arrays.forEach((array, index) => (offsets[index + 1] = offsets[index]! + array.length))
  const joined = new Float32Array(offsets[arrays.length]!)
  arrays.forEach((array, index) => joined.set(array, offsets[index]))
  return makeVector(
    makeData({
      type: new List(new Field('item', new Float32(), false)),
      length: arrays.length,
      nullCount: 0,
      valueOffsets: offsets,
      child: makeData({ type: new Float32(), length: joined.length, nullCount: 0, data: joined }),
    }),
  )
}

/** One dictionary shared by all batches of a file: a second one would be a delta that readers may refuse. */
function dictionaryOf(id: number, words: readonly string[]) {
  const distinct = [...new Set(words)]
  const dictionary = vectorFromArray(distinct, new Utf8())
  const indexOf = new Map(distinct.map((word, index) => [word, index]))
  const type = new Dictionary(new Utf8(), new Int32(), id)
  return {
    type,
    repeat: (word: string, rows: number) =>
      makeData({
        type,
        length: rows,
        nullCount: 0,
        data: new Int32Array(rows).fill(indexOf.get(word)!),
        dictionary,
      }),
  }
}
