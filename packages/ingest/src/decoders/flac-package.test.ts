import { FLACDecoder } from '@wasm-audio-decoders/flac'
import { expect, test } from 'vitest'
import { flacFile, flacFrameBytes } from './flac.fixture.js'
import { flacInfo } from './flac-header.js'
import { frameDecoder } from './flac-package.js'

test('what a call did not give is not freed', async () => {
  const decoder = frameDecoder(new FLACDecoder())
  await decoder.ready
  const { wasm } = (decoder as unknown as { _common: { wasm: { free: (at: number) => void } } })
    ._common
  const { free } = wasm
  const freed: number[] = []
  wasm.free = (at) => {
    freed.push(at)
    free(at)
  }
  const frame = flacFrameBytes({ channels: [[1, 2, 3]], number: 0 })
  const { stream } = flacInfo(flacFile({ frames: [] }).subarray(4))!
  expect(decoder.decodeFrames([stream]).samplesDecoded).toBe(0)
  expect(decoder.decodeFrames([frame]).samplesDecoded).toBe(3)
  expect(decoder.decodeFrames([frame.subarray(0, 5)]).samplesDecoded).toBe(0)
  expect(freed).toEqual([0, expect.any(Number), 0])
  expect(freed[1]).toBeGreaterThan(0)
})
