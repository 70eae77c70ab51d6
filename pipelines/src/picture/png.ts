import { crc32, deflateSync } from 'node:zlib'

/** A picture of up to 256 colours. */
export interface PaletteImage {
  readonly width: number
  readonly height: number
  /** Which colour each pixel has, [height, width], from the top left. */
  readonly indices: Uint8Array
  /** [colours, 3]: red, green and blue, 0…255. */
  readonly palette: Uint8Array
}

/**
 * A picture as PNG with a palette, 8 bits a pixel.
 *
 * @throws RangeError where the sizes do not fit
 * @see W3C, Portable Network Graphics (Third Edition), 11.2
 */
export function encodePng({ width, height, indices, palette }: PaletteImage): Uint8Array {
  if (width < 1 || height < 1 || indices.length !== width * height) {
    throw new RangeError(`${indices.length} pixels are not ${width} times ${height}`)
  }
  // Each row has the kind of its filter before it: 0, none.
  const rows = new Uint8Array((width + 1) * height)
  for (let row = 0; row < height; row++) {
    rows.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits, palette, deflate, filters by row, not interlaced.
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
