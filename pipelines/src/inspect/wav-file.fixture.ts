/** A 16-bit WAV of the given channels, with chunks before the samples. */
export function wavFile(
  channels: readonly (readonly number[])[],
  options: { sampleRateHz?: number; before?: Buffer; missingBytes?: number } = {},
): Buffer {
  const { sampleRateHz = 16000, before = Buffer.alloc(0), missingBytes = 0 } = options
  const frames = channels[0]!.length
  const data = Buffer.alloc(2 * frames * channels.length)
  for (let frame = 0; frame < frames; frame++) {
    channels.forEach((values, channel) =>
      data.writeInt16LE(values[frame]!, 2 * (frame * channels.length + channel)),
    )
  }
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0)
  format.writeUInt16LE(channels.length, 2)
  format.writeUInt32LE(sampleRateHz, 4)
  format.writeUInt32LE(2 * channels.length * sampleRateHz, 8)
  format.writeUInt16LE(2 * channels.length, 12)
  format.writeUInt16LE(16, 14)
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    wavChunk('fmt ', format),
    before,
    wavChunk('data', data),
  ])
  const whole = Buffer.concat([Buffer.from('RIFF'), sizeOf(body), body])
  return whole.subarray(0, whole.length - missingBytes)
}

export function wavChunk(id: string, content: Buffer): Buffer {
  const pad = Buffer.alloc(content.length % 2)
  return Buffer.concat([Buffer.from(id), sizeOf(content), content, pad])
}

function sizeOf(content: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(content.length)
  return size
}
