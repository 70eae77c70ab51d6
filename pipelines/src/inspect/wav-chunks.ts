import { openFile } from '@serflow/core'

export interface WavChunk {
  readonly id: string
  /** Where it begins in the file. */
  readonly offset: number
  /** Of its content, as far as the file goes. */
  readonly bytes: number
}

/** A file of zeros looks like a row of empty chunks without end. */
const mostChunks = 1000

/**
 * The chunks of a RIFF, RF64 or BW64 file in their order; null for any other file. The size of `data` is that of `ds64`
 * where the chunk has none of its own, and the rest of the file where nobody says.
 *
 * @see EBU Tech 3306 (RF64)
 */
export function wavChunks(path: string): readonly WavChunk[] | null {
  const file = openFile(path, 'a sound file')
  try {
    const head = Buffer.from(file.read(0, 12)).toString('latin1')
    if (!/^(RIFF|RF64|BW64)[^]{4}WAVE/.test(head)) return null
    const chunks: WavChunk[] = []
    let dataBytes = Infinity
    for (let at = 12; at + 8 <= file.size && chunks.length < mostChunks;) {
      const view = Buffer.from(file.read(at, at + 24))
      const id = view.toString('latin1', 0, 4)
      if (id === 'ds64' && view.length >= 24) dataBytes = Number(view.readBigUInt64LE(16))
      const declared = view.readUInt32LE(4)
      const known = declared === 0xffffffff ? (id === 'data' ? dataBytes : Infinity) : declared
      const bytes = Math.min(known, file.size - at - 8)
      chunks.push({ id: printable(id), offset: at, bytes })
      at += 8 + bytes + (bytes % 2)
    }
    return chunks
  } finally {
    file.close()
  }
}

function printable(id: string): string {
  return id.replace(/[^\x20-\x7e]/g, '?').trimEnd()
}
