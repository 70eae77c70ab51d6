import {
  elementTypeOf,
  sizeOf,
  toElementType,
  type ElementType,
  type TypedArray,
} from './element-type.js'
import {
  entryMessage,
  nodeMessage,
  portMessage,
  tensorMessage,
  type Attribute,
  type Constant,
  type DynamicShape,
  type Node,
  type Port,
} from './onnx-message.js'
import { finish, messageWriter } from './protobuf.js'

/** An ONNX graph being built, node by node; a node may only read what is there already. */
export interface GraphBuilder {
  /**
   * Adds a node and returns the names of its outputs.
   *
   * @param opType an operator of the ONNX standard at the graph's opset
   * @param inputs names of values; '' leaves an optional input out
   * @param outputs how many outputs, or their names; one by default
   * @throws Error if an input is unknown, an output's name is taken, or an attribute is not finite
   */
  node(
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    outputs?: number | readonly string[],
  ): string[]
  /**
   * Adds values that are part of the graph (an initializer) and returns their name. Unnamed constants of
   * equal type, shape and content are stored once. The array must not change before `toBytes`.
   *
   * @param type what to store `data` as; the type of the array by default
   * @throws Error if `data` does not fill `shape`, or the name is taken
   */
  constant(shape: readonly number[], data: TypedArray, type?: ElementType, name?: string): string
  /** Declares an input of the graph and returns its name. */
  input(name: string, type: ElementType, shape: DynamicShape): string
  /** Declares a value to be an output of the graph, under the name it has; a sequence is of tensors of that type. */
  output(
    name: string,
    type: ElementType,
    shape: DynamicShape,
    options?: { readonly sequence?: boolean },
  ): void
  /** Adds an entry to the model's metadata; a key given again replaces its value. */
  metadata(key: string, value: string): void
  /** The model as ONNX bytes; what no output needs is left out, except declared inputs. */
  toBytes(): Uint8Array
}

const irVersion = 9

/**
 * Starts an empty ONNX graph. Names of unnamed values are made from the operator and a counter, so that the
 * same calls give the same bytes.
 *
 * @param name the graph's name
 * @param options opset: version of the standard operators, 17 by default
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function graphBuilder(name: string, options: { opset?: number } = {}): GraphBuilder {
  const nodes: Node[] = []
  const constants = new Map<string, Constant>()
  const constantsByContent = new Map<string, string[]>()
  const inputs: Port[] = []
  const outputs: Port[] = []
  const properties = new Map<string, string>()
  const taken = new Set<string>()
  let counter = 0

  const claim = (valueName: string) => {
    if (valueName === '') throw new Error(`graph ${name}: the name of a value must not be empty`)
    if (taken.has(valueName)) {
      throw new Error(`graph ${name}: the name "${valueName}" is taken; choose another`)
    }
    taken.add(valueName)
    return valueName
  }
  const invent = (prefix: string) => {
    let invented = `${prefix}_${counter++}`
    while (taken.has(invented)) invented = `${prefix}_${counter++}`
    return claim(invented)
  }

  return {
    node(opType, reads, attributes = {}, makes = 1) {
      for (const read of reads) {
        if (read !== '' && !taken.has(read)) {
          throw new Error(
            `graph ${name}: ${opType} reads "${read}", which is no input, constant or output of an earlier node`,
          )
        }
      }
      for (const [key, attribute] of Object.entries(attributes))
        checkAttribute(opType, key, attribute)
      const made =
        typeof makes === 'number'
          ? Array.from({ length: makes }, () => invent(opType))
          : makes.map((made) => (made === '' ? '' : claim(made)))
      nodes.push({ opType, inputs: [...reads], attributes, outputs: made })
      return [...made]
    },

    constant(shape, data, type = elementTypeOf(data), constantName) {
      if (sizeOf(shape) !== data.length) {
        throw new Error(
          `graph ${name}: a constant of shape [${shape.join(', ')}] has ${sizeOf(shape)} elements, ` +
            `but ${data.length} values were given`,
        )
      }
      const stored = toElementType(data, type)
      const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
      const constant = { shape: [...shape], type, bytes }
      if (constantName !== undefined) {
        constants.set(claim(constantName), constant)
        return constantName
      }
      const key = `${type} ${shape.join(',')} ${hash(bytes)}`
      const candidates = constantsByContent.get(key) ?? []
      const same = candidates.find((other) => equal(constants.get(other)!.bytes, bytes))
      if (same !== undefined) return same
      const made = invent('constant')
      constants.set(made, constant)
      constantsByContent.set(key, [...candidates, made])
      return made
    },

    input(inputName, type, shape) {
      inputs.push({ name: claim(inputName), type, shape: [...shape] })
      return inputName
    },

    output(outputName, type, shape, { sequence = false } = {}) {
      if (!taken.has(outputName)) {
        throw new Error(
          `graph ${name}: no value is called "${outputName}", so it cannot be an output`,
        )
      }
      if (outputs.some((port) => port.name === outputName)) {
        throw new Error(`graph ${name}: "${outputName}" is an output already`)
      }
      outputs.push({ name: outputName, type, shape: [...shape], sequence })
    },

    metadata(key, value) {
      properties.set(key, value)
    },

    toBytes() {
      if (outputs.length === 0) throw new Error(`graph ${name} has no output`)
      const needed = new Set(outputs.map((port) => port.name))
      const kept: Node[] = []
      for (const node of nodes.toReversed()) {
        if (!node.outputs.some((made) => needed.has(made))) continue
        for (const read of node.inputs) needed.add(read)
        kept.push(node)
      }

      const graph = messageWriter()
      kept.reverse().forEach((node, index) => graph.message(1, nodeMessage(node, index)))
      graph.text(2, name)
      for (const [constantName, constant] of constants) {
        if (needed.has(constantName)) graph.message(5, tensorMessage(constantName, constant))
      }
      for (const port of inputs) graph.message(11, portMessage(port))
      for (const port of outputs) graph.message(12, portMessage(port))

      const operatorSet = messageWriter()
      operatorSet.text(1, '')
      operatorSet.integer(2, options.opset ?? 17)
      const model = messageWriter()
      model.integer(1, irVersion)
      model.text(2, 'tfjs-onnx')
      model.message(7, graph)
      model.message(8, operatorSet)
      for (const [key, value] of properties) model.message(14, entryMessage(key, value))
      return finish(model)
    },
  }
}

function checkAttribute(opType: string, key: string, attribute: Attribute): void {
  const integers =
    typeof attribute === 'number' ? [attribute] : Array.isArray(attribute) ? attribute : []
  const wrong = integers.find((value) => !Number.isSafeInteger(value))
  if (wrong !== undefined) {
    throw new Error(
      `${opType}: attribute "${key}" is ${wrong}, expected an integer; wrap a float as { float: ${wrong} }`,
    )
  }
}

// FNV-1a; it only narrows the search, the contents are compared too.
function hash(bytes: Uint8Array): number {
  let state = 0x811c9dc5
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193)
  return state >>> 0
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
