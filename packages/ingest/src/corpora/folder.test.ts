import { expect, test } from 'vitest'
import { isSound } from './folder.js'

test('endings of sound are those of any case; videos, texts and names without one are none', () => {
  for (const name of [
    'a.wav',
    'b/A.WAV',
    'a.b.Flac',
    'x.bwf',
    'x.3gp',
    'x.m4b',
    'x.mpga',
    'x.spx',
  ]) {
    expect(isSound(name)).toBe(true)
  }
  for (const name of ['a.mp4', 'a.txt', 'wav', 'a.wav/b', 'a.wav.txt', 'awav', 'a.']) {
    expect(isSound(name)).toBe(false)
  }
})
