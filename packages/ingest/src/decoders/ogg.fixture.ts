import { bytesOf, join, uint32 } from '../wav.fixture.js'
import { oggPages, pageCheckSum, type OggPage } from './ogg-pages.js'

export interface PageFixture {
  readonly serial?: number
  readonly sequence?: number
  readonly granule?: number
  readonly first?: boolean
  readonly last?: boolean
  readonly packets: readonly Uint8Array[]
}

/** A page of an Ogg file with whole packets of less than 255 bytes. */
export function oggPage({
  serial = 1,
  sequence = 0,
  granule = 0,
  first = false,
  last = false,
  packets,
}: PageFixture): Uint8Array {
  const flags = (first ? 2 : 0) + (last ? 4 : 0)
  const page = join(
    bytesOf('OggS'),
    Uint8Array.of(0, flags),
    uint32(granule, 0, serial, sequence, 0),
    Uint8Array.of(packets.length, ...packets.map(({ length }) => length)),
    ...packets,
  )
  return summed(page)
}

/** The page with a right check sum. */
export function summed(page: Uint8Array): Uint8Array {
  new DataView(page.buffer, page.byteOffset).setUint32(22, pageCheckSum(page), true)
  return page
}

/** The pages of a whole file. */
export function pagesOf(bytes: Uint8Array): readonly OggPage[] {
  return oggPages().push(bytes)
}
