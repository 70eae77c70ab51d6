import { crc32, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePng, type PaletteImage } from './png.js'

/** The chunks of a file by their types, each with its sum checked. */
function chunksOf(png: Buffer): Record<string, Buffer> {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const chunks: Record<string, Buffer> = {}
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks[body.subarray(0, 4).toString('latin1')] = body.subarray(4)
    at += length + 12
  }
  return chunks
}

test('a picture holds its pixels and its palette', () => {
  const image = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .chain(([width, height]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        indices: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
        palette: fc.uint8Array({ minLength: 768, maxLength: 768 }),
      }),
    )
  fc.assert(
    fc.property(image, ({ width, height, indices, palette }: PaletteImage) => {
      const chunks = chunksOf(Buffer.from(encodePng({ width, height, indices, palette })))
      expect(Object.keys(chunks)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND'])
      const { IHDR, PLTE, IDAT } = chunks
      expect([IHDR!.readUInt32BE(0), IHDR!.readUInt32BE(4)]).toEqual([width, height])
      expect([...IHDR!.subarray(8)]).toEqual([8, 3, 0, 0, 0])
      expect(new Uint8Array(PLTE!)).toEqual(palette)
      const rows = inflateSync(IDAT!)
      for (let row = 0; row < height; row++) {
        expect(rows[row * (width + 1)]).toBe(0)
        const pixels = rows.subarray(row * (width + 1) + 1, (row + 1) * (width + 1))
        expect(new Uint8Array(pixels)).toEqual(indices.slice(row * width, (row + 1) * width))
      }
    }),
  )
})

test('pixels that are no rectangle are refused', () => {
  const palette = new Uint8Array(768)
  const attempt = (width: number, height: number, pixels: number) => () =>
    encodePng({ width, height, indices: new Uint8Array(pixels), palette })
  expect(attempt(2, 3, 5)).toThrow(new RangeError('5 pixels are not 2 times 3'))
  expect(attempt(0, 3, 0)).toThrow(RangeError)
})
