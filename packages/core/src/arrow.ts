import {
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int32,
  List,
  RecordBatch,
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
import type { ClipTensor, ClipTensors, Weights } from './tensor-sets.js'
import { canonicalJson } from './json.js'
import { expectShape, sizeOf, type Tensor } from './tensor.js'

/**
 * Clips to an Arrow IPC file. One record batch a clip; columns clipId, utteranceId, effects (dictionaries), and
 * values: FixedSizeList<Float32> of one row (a frame or a segment), in row-major order of the row's shape.
 * Schema metadata: rowShape and settings, as JSON.
 */
export function encodeClipTensors(set: ClipTensors): Uint8Array {
  const width = sizeOf(set.rowShape)
  const clipIds = dictionaryOf(
    0,
    set.clips.map((clip) => clip.clipId),
  )
  const utteranceIds = dictionaryOf(
    1,
    set.clips.map((clip) => clip.utteranceId),
  )
  const effects = dictionaryOf(
    2,
    set.clips.map((clip) => clip.effects),
  )
  const item = new Field('item', new Float32(), false)
  const fields = [
    new Field('clipId', clipIds.type, false),
    new Field('utteranceId', utteranceIds.type, false),
    new Field('effects', effects.type, false),
    new Field('values', new FixedSizeList(width, item), false),
  ]
  const metadata = new Map([
    ['rowShape', canonicalJson(set.rowShape)],
    ['settings', canonicalJson(set.settings)],
  ])
  const schema = new Schema(fields, metadata)
  const batches = set.clips.map((clip) => {
    expectShape(clip.tensor, [-1, ...set.rowShape], `clip ${clip.clipId}`)
    const rows = clip.tensor.shape[0]!
    const values = makeData({
      type: new Float32(),
      length: rows * width,
      nullCount: 0,
      data: clip.tensor.data,
    })
    const children: Data[] = [
      clipIds.repeat(clip.clipId, rows),
      utteranceIds.repeat(clip.utteranceId, rows),
      effects.repeat(clip.effects, rows),
      makeData({ type: new FixedSizeList(width, item), length: rows, nullCount: 0, child: values }),
    ]
    const struct = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children })
    return new RecordBatch(schema, struct)
  })
  return tableToIPC(new Table(schema, batches), 'file')
}

/** An Arrow IPC file to clips. The tensors are views of the bytes, not copies, wherever these are aligned. */
export function decodeClipTensors(bytes: Uint8Array): ClipTensors {
  const table = tableFromIPC(aligned(bytes))
  const rowShape = JSON.parse(table.schema.metadata.get('rowShape') ?? 'null') as number[]
  const settings = JSON.parse(table.schema.metadata.get('settings') ?? 'null') as unknown
  // Arrow shows a file without batches as one empty batch.
  const batches = table.batches.filter((batch) => batch.numRows > 0)
  const clips = batches.map((batch): ClipTensor => {
    const rows = batch.numRows
    const values = batch.getChild('values')!.data[0]!.children[0]!.values as Float32Array
    return {
      clipId: batch.getChild('clipId')!.get(0) as string,
      utteranceId: batch.getChild('utteranceId')!.get(0) as string,
      effects: batch.getChild('effects')!.get(0) as string,
      tensor: { data: values.subarray(0, rows * sizeOf(rowShape)), shape: [rows, ...rowShape] },
    }
  })
  return { rowShape, settings, clips }
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
