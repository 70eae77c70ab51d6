import { readFields } from './protobuf.js'

/**
 * The metadata entries (metadata_props) of an ONNX model.
 *
 * @param bytes the model file
 * @throws Error if the bytes are no ONNX model
 */
export function readModelMetadata(bytes: Uint8Array): Record<string, string> {
  const metadata: Record<string, string> = {}
  let hasGraph = false
  for (const { number, value } of readFields(bytes)) {
    if (number === 7) hasGraph = true
    if (number !== 14 || typeof value === 'number') continue
    const entry = new Map(Array.from(readFields(value), (field) => [field.number, field.value]))
    metadata[text(entry.get(1))] = text(entry.get(2))
  }
  if (!hasGraph) throw new Error('not an ONNX model: it holds no graph')
  return metadata
}

function text(value: number | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : ''
}
