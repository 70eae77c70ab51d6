/**
 * The part of the protocol buffer wire format that ONNX files need.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */

/** A message being written: fields appear in the order of the calls. */
export interface MessageWriter {
  /** int64, int32, enum or bool */
  integer(field: number, value: number): void
  /** a 32-bit float */
  float(field: number, value: number): void
  text(field: number, value: string): void
  /** kept by reference until `finish`, so that large arrays are copied once */
  bytes(field: number, value: Uint8Array): void
  message(field: number, value: MessageWriter): void
  readonly length: number
  readonly chunks: readonly Uint8Array[]
}

/** One field of a message: the number for the varint and fixed types, the bytes for the rest. */
export interface Field {
  readonly number: number
  readonly value: number | Uint8Array
}

const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5

/** An empty message. */
export function messageWriter(): MessageWriter {
  const chunks: Uint8Array[] = []
  let length = 0
  const push = (chunk: Uint8Array) => {
    chunks.push(chunk)
    length += chunk.length
  }
  const bytes = (field: number, value: Uint8Array) => {
    push(
      Uint8Array.from([
        ...encodeVarint(field * 8 + lengthDelimited),
        ...encodeVarint(value.length),
      ]),
    )
    push(value)
  }
  return {
    integer(field, value) {
      push(Uint8Array.from([...encodeVarint(field * 8 + varint), ...encodeVarint(value)]))
    },
    float(field, value) {
      const four = new Uint8Array(4)
      new DataView(four.buffer).setFloat32(0, value, true)
      push(Uint8Array.from([...encodeVarint(field * 8 + fixed32), ...four]))
    },
    text(field, value) {
      bytes(field, new TextEncoder().encode(value))
    },
    bytes,
    message(field, value) {
      push(
        Uint8Array.from([
          ...encodeVarint(field * 8 + lengthDelimited),
          ...encodeVarint(value.length),
        ]),
      )
      for (const chunk of value.chunks) push(chunk)
    },
    get length() {
      return length
    },
    chunks,
  }
}

/** The bytes of a message, in one array. */
export function finish(message: MessageWriter): Uint8Array {
  const bytes = new Uint8Array(message.length)
  let offset = 0
  for (const chunk of message.chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/**
 * The fields of a message, one after the other; nested messages come as bytes.
 *
 * @throws Error if the bytes end within a field or hold a wire type that is not in use any more
 */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  const need = (count: number) => {
    if (offset + count > bytes.length) throw damaged(offset)
  }
  const readVarint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      need(1)
      const byte = bytes[offset++]!
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return Number(BigInt.asIntN(64, value))
      if (shift > 56n) throw damaged(offset)
    }
  }
  while (offset < bytes.length) {
    const tag = readVarint()
    const number = Math.floor(tag / 8)
    const wireType = tag & 7
    if (wireType === varint) {
      yield { number, value: readVarint() }
    } else if (wireType === lengthDelimited) {
      const length = readVarint()
      if (length < 0) throw damaged(offset)
      need(length)
      yield { number, value: bytes.subarray(offset, offset + length) }
      offset += length
    } else if (wireType === fixed32) {
      need(4)
      yield { number, value: view.getFloat32(offset, true) }
      offset += 4
    } else if (wireType === fixed64) {
      need(8)
      yield { number, value: view.getFloat64(offset, true) }
      offset += 8
    } else {
      throw damaged(offset)
    }
  }
}

function encodeVarint(value: number): number[] {
  // Negative numbers take ten bytes: they are written as two's complement of 64 bits.
  let rest = BigInt.asUintN(64, BigInt(value))
  const encoded: number[] = []
  while (rest > 127n) {
    encoded.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  encoded.push(Number(rest))
  return encoded
}

function damaged(offset: number): Error {
  return new Error(
    `not a protocol buffer message: damaged at byte ${offset}; expected the bytes of an ONNX model`,
  )
}
