import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { howToConvert } from './conversion.js'

const command = (name: string) => howToConvert(name).replace('convert it: ', '')

test.each([
  ['a/03-01-05-01-02-01-12.mp4', 'a/03-01-05-01-02-01-12.mp4', 'a/03-01-05-01-02-01-12.wav'],
  ['take 1.aiff', 'take 1.aiff', 'take 1.wav'],
  ['a.b/take', 'a.b/take', 'a.b/take.wav'],
  ['.hidden', '.hidden', '.hidden.wav'],
  ['take.wav', 'take.wav', 'take-pcm.wav'],
  ['TAKE.WAV', 'TAKE.WAV', 'TAKE-pcm.wav'],
  ['C:\\sound\\a.m4a', 'C:\\sound\\a.m4a', 'C:\\sound\\a.wav'],
  // An option, and a protocol, to ffmpeg.
  ['-take.m4a', './-take.m4a', './-take.wav'],
  ['12:30.m4a', './12:30.m4a', './12:30.wav'],
])('%s becomes a WAV file of its name, but for one that is called .wav', (name, from, to) => {
  expect(command(name)).toBe(`ffmpeg -i "${from}" -c:a pcm_s16le "${to}"`)
})

test.each([
  'say "no".m4a',
  "it's.m4a",
  "it's $5.m4a",
  '$HOME `id` $(id).m4a',
  'wait!.m4a',
  'a\\\\b.m4a',
  "'.m4a",
  'Größe Ω データ.m4a',
  'a; rm *.m4a',
  'a & b | c > d.m4a',
])('a shell takes %j as it is', (name) => {
  const words = execFileSync('sh', ['-c', command(name).replace('ffmpeg', "printf '%s\\n'")], {
    encoding: 'utf8',
  })
  const stem = name.replace('.m4a', '')
  expect(words.split('\n')).toEqual(['-i', name, '-c:a', 'pcm_s16le', `${stem}.wav`, ''])
})
