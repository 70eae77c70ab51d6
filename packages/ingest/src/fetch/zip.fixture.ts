import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly data?: Uint8Array | string
  readonly stored?: boolean
  /** Unix mode, such as 0o120777 for a link. */
  readonly mode?: number
  /** Declared instead of the true size. */
  readonly size?: number
  /** Declared instead of the true sum. */
  readonly crc?: number
  readonly flags?: number
  readonly method?: number
  /** Sizes and place stand in the 64-bit extra field. */
  readonly zip64?: boolean
}

/** A ZIP archive made by hand, so that it can be wrong in any way. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const data = Buffer.from(entry.data ?? '')
    const packed = entry.stored ? data : deflateRawSync(data)
    const size = entry.size ?? data.length
    const method = entry.method ?? (entry.stored ? 0 : 8)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((entry.flags ?? 0) | 0x800, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(0x58210000, 6)
    common.writeUInt32LE(entry.crc ?? crc32(data), 10)
    common.writeUInt32LE(entry.zip64 ? 0xffffffff : packed.length, 14)
    common.writeUInt32LE(entry.zip64 ? 0xffffffff : size, 18)
    common.writeUInt16LE(name.length, 22)
    const extra = entry.zip64 ? extra64(size, packed.length, offset) : Buffer.alloc(0)
    common.writeUInt16LE(extra.length, 24)
    locals.push(Buffer.from('PK\x03\x04'), common, name, extra, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6)
    tail.writeUInt32LE(entry.zip64 ? 0xffffffff : offset, 10)
    const made = Buffer.from([20, 3])
    centrals.push(Buffer.from('PK\x01\x02'), made, common, tail, name, extra)
    offset += 30 + name.length + extra.length + packed.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end])
}

function extra64(size: number, packed: number, offset: number): Buffer {
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  for (const [at, value] of [size, packed, offset].entries()) {
    extra.writeBigUInt64LE(BigInt(value), 4 + 8 * at)
  }
  return extra
}
