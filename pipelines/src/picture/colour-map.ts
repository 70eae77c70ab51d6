/** Colours at equal distances, straight lines of sRGB between them. */
export type ColourMap = readonly string[]

/**
 * Perceptually uniform, from black over purple to light yellow; every sixteenth colour, at most 2.5 of 255 from it
 * between them.
 *
 * @see https://bids.github.io/colormap/ (magma, by Stéfan van der Walt and Nathaniel Smith, CC0)
 */
export const magma: ColourMap = (
  '#000004 #0a0822 #1d1147 #36106b #51127c #6a1c81 #832681 #9c2e7f #b73779 ' +
  '#cf4070 #e55064 #f4695c #fb8761 #fea571 #fec287 #fde0a1 #fcfdbf'
).split(' ')

/**
 * Diverging, from blue over white to red.
 *
 * @see https://colorbrewer2.org (RdBu with 11 classes, turned round, by Cynthia Brewer, Apache-2.0)
 */
export const blueRed: ColourMap =
  '#053061 #2166ac #4393c3 #92c5de #d1e5f0 #f7f7f7 #fddbc7 #f4a582 #d6604d #b2182b #67001f'.split(
    ' ',
  )

/** The map as a palette of 256 colours, [256, 3] bytes. */
export function paletteOf(map: ColourMap): Uint8Array {
  const anchors = map.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)))
  return Uint8Array.from({ length: 768 }, (_, at) => {
    const place = (Math.floor(at / 3) / 255) * (map.length - 1)
    const left = Math.min(map.length - 2, Math.floor(place))
    const [from, to] = [anchors[left]![at % 3]!, anchors[left + 1]![at % 3]!]
    return Math.round(from + (to - from) * (place - left))
  })
}
