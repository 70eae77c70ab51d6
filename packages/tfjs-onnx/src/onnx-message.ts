import { dataTypeCode, type ElementType } from './element-type.js'
import { messageWriter, type MessageWriter } from './protobuf.js'

/** A plain number is an integer attribute; floats are wrapped. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }

/** A shape whose named entries are dynamic dimensions. */
export type DynamicShape = readonly (number | string)[]

/** One node of a graph; its inputs and outputs are names of values. */
export interface Node {
  readonly opType: string
  readonly inputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly outputs: readonly string[]
}

/** Values stored in a graph. */
export interface Constant {
  readonly shape: readonly number[]
  readonly type: ElementType
  readonly bytes: Uint8Array
}

/** An input or output of a graph. */
export interface Port {
  readonly name: string
  readonly type: ElementType
  readonly shape: DynamicShape
  /** a sequence of such tensors */
  readonly sequence?: boolean
}

/** NodeProto; the index makes its name. */
export function nodeMessage(node: Node, index: number): MessageWriter {
  const message = messageWriter()
  for (const read of node.inputs) message.text(1, read)
  for (const made of node.outputs) message.text(2, made)
  message.text(3, `${node.opType}#${index}`)
  message.text(4, node.opType)
  for (const [key, attribute] of Object.entries(node.attributes)) {
    message.message(5, attributeMessage(key, attribute))
  }
  return message
}

// Field numbers and types: AttributeProto in onnx.proto.
function attributeMessage(key: string, attribute: Attribute): MessageWriter {
  const message = messageWriter()
  message.text(1, key)
  if (typeof attribute === 'number') {
    message.integer(3, attribute)
    message.integer(20, 2)
  } else if (typeof attribute === 'string') {
    message.text(4, attribute)
    message.integer(20, 3)
  } else if ('float' in attribute) {
    message.float(2, attribute.float)
    message.integer(20, 1)
  } else if ('floats' in attribute) {
    for (const value of attribute.floats) message.float(7, value)
    message.integer(20, 6)
  } else if ('strings' in attribute) {
    for (const value of attribute.strings) message.text(9, value)
    message.integer(20, 8)
  } else {
    for (const value of attribute) message.integer(8, value)
    message.integer(20, 7)
  }
  return message
}

/** TensorProto of a constant. */
export function tensorMessage(name: string, { shape, type, bytes }: Constant): MessageWriter {
  const message = messageWriter()
  for (const dimension of shape) message.integer(1, dimension)
  message.integer(2, dataTypeCode(type))
  message.text(8, name)
  // raw_data is little-endian, as is every processor that Node runs on.
  message.bytes(9, bytes)
  return message
}

/** ValueInfoProto of a tensor. */
export function portMessage({ name, type, shape, sequence }: Port): MessageWriter {
  const dimensions = messageWriter()
  for (const dimension of shape) {
    const message = messageWriter()
    if (typeof dimension === 'number') message.integer(1, dimension)
    else message.text(2, dimension)
    dimensions.message(1, message)
  }
  const tensor = messageWriter()
  tensor.integer(1, dataTypeCode(type))
  tensor.message(2, dimensions)
  const single = messageWriter()
  single.message(1, tensor)
  const kind = sequence ? sequenceOf(single) : single
  const message = messageWriter()
  message.text(1, name)
  message.message(2, kind)
  return message
}

// TypeProto with a TypeProto.Sequence of the type given.
function sequenceOf(type: MessageWriter): MessageWriter {
  const sequence = messageWriter()
  sequence.message(1, type)
  const message = messageWriter()
  message.message(4, sequence)
  return message
}

/** StringStringEntryProto. */
export function entryMessage(key: string, value: string): MessageWriter {
  const message = messageWriter()
  message.text(1, key)
  message.text(2, value)
  return message
}
