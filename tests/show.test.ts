import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { encodeWav } from '@serflow/ingest'
import { expect, test } from 'vitest'
import { clip, filesBelow, passingFolder, projectRoot, serflow } from './serflow.fixture.js'

const speech = clip('03-01-05-01-02-01-12.wav')

async function recording(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await passingFolder('serflow pícture '), name)
  await writeFile(path, bytes)
  return path
}

/** A recording of so many seconds of a tone, at 8 kHz. */
function tone(seconds: number): Uint8Array {
  const samples = Float32Array.from({ length: 8000 * seconds }, (_, n) =>
    n % 20 < 10 ? 0.1 : -0.1,
  )
  return encodeWav({ samples, sampleRateHz: 8000 })
}

const wordsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words!)

/** Calls the command with an output beside the file; @returns the picture. */
async function shown(file: string, ...args: readonly string[]): Promise<string> {
  const out = `${file}.svg`
  const { status, stdout, stderr } = await serflow('show', file, '--out', out, ...args)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toBe(`${out}\n`)
  return readFile(out, 'utf8')
}

test('a recording becomes a picture with its name, length and preset', async () => {
  const svg = await shown(await recording('Grüße <&> "x".wav', speech))
  const words = wordsOf(svg)
  expect(words[0]).toBe('Grüße &lt;&amp;&gt; &quot;x&quot;.wav')
  expect(words[1]).toMatch(/^\d\.\d\d s, 1 channel; \d+ segments$/)
  expect(words[2]).toMatch(/^preset paper: 16000 Hz, window 25 ms every 10 ms, .* 20 to 8000 Hz$/)
  expect([...svg.matchAll(/<image /g)]).toHaveLength(3)
})

test('the example in the documents is what the command draws', async () => {
  const svg = await shown(await recording('03-01-05-01-02-01-12.wav', speech))
  const known = await readFile(join(projectRoot, 'docs/examples/03-01-05-01-02-01-12.svg'), 'utf8')
  // Node's versions compress differently.
  const withoutPictures = (text: string) => text.replace(/base64,[^"]+/g, '')
  expect(withoutPictures(svg) === withoutPictures(known)).toBe(true)
})

test('settings, a preset and a file of settings change the front end', async () => {
  const file = await recording('voice.wav', speech)
  const librosa = wordsOf(await shown(file, '--preset', 'librosa'))
  expect(librosa[2]).toMatch(/^preset librosa: /)
  expect(librosa).toContain('dB / frame')
  const config = join(file, '../mine.yaml')
  await writeFile(config, 'features: {bands: 40}\nsegments: {hopFrames: 16}\n')
  const mine = wordsOf(await shown(file, '--config', config, '--set', 'features.trimDb=null'))
  expect(mine[2]).toMatch(/^preset paper with bands=40, trimDb=null: /)
  expect(mine).toContain('segments of 64 frames, one every 16')
})

test('a picture is PNG where its name says so', async () => {
  const file = await recording('voice.wav', speech)
  const { status, stderr } = await serflow('show', file, '--out', `${file}.PNG`)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const png = await readFile(`${file}.PNG`)
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(png.readUInt32BE(16)).toBe(2000)
  expect(inkOf(png, 60)).toBeGreaterThan(1000)
})

/** Pixels that are not white in the first rows, where nothing but words is. */
function inkOf(png: Buffer, rows: number): number {
  const [width, depth] = [png.readUInt32BE(16), png[25] === 6 ? 4 : 3]
  const pieces: Buffer[] = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    if (png.subarray(at + 4, at + 8).toString() === 'IDAT') pieces.push(data)
  }
  const bytes = inflateSync(Buffer.concat(pieces))
  let ink = 0
  for (let row = 0; row < rows; row++) {
    // A row that is white everywhere is filtered to zeros or to 255, with little else.
    const line = bytes.subarray(row * (width * depth + 1) + 1, (row + 1) * (width * depth + 1))
    ink += line.filter((value) => value !== 0 && value !== 255).length
  }
  return ink
}

test('long recordings are shown in part, as windows', async () => {
  const file = await recording('long.wav', tone(130))
  const whole = await serflow('show', file, '--out', `${file}.svg`)
  expect(whole.status).toBe(2)
  expect(whole.stderr).toBe(
    `${file}: a picture shows at most 120 s of 130.00 s (02:10); name a shorter stretch, such as --start 0 --end 60\n`,
  )
  const words = wordsOf(await shown(file, '--start', '100.5'))
  expect(words[1]).toBe(
    '130.00 s (02:10), 1 channel; shown: 100.50 to 130.00 s (02:10); 91 segments in 2 windows of 15 s',
  )
  expect(words).toContain('a window begins: a clip of its own')
  const short = wordsOf(await shown(file, '--start', '10', '--end', '10.1'))
  expect(short[1]).toBe('130.00 s (02:10), 1 channel; shown: 10.00 to 10.10 s; 1 segment')
  const shortest = { samples: Float32Array.of(0.5), sampleRateHz: 16000 }
  const one = wordsOf(await shown(await recording('one.wav', encodeWav(shortest))))
  expect(one[1]).toBe('0.063 ms, 1 channel; 1 segment')
})

test.each([
  [['--out', 'x.gif'], '--out x.gif: expected a name that ends in .svg or .png'],
  [['--out', 'missing/x.svg'], '--out missing/x.svg: cannot be written (there is no such folder)'],
  [['--start', '-1'], '--start -1: expected seconds, 0 or more'],
  [['--start', '3', '--end', '2'], '--end 2: expected seconds behind --start 3'],
  [
    ['--start', '1', '--end', '1.00001'],
    '--start 1 --end 1.00001: no sample at 16000 Hz lies between them',
  ],
  [['--preset', 'mine'], /^features\.preset: .*"paper"/],
  [['--set', 'features.bandz=4'], /^features\.bandz: .*did you mean "bands"/],
] as const)('%j is refused with a reason', async (args, reason) => {
  const file = await recording('voice.wav', speech)
  const { status, stdout, stderr } = await serflow('show', file, ...args)
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr.trimEnd()).toMatch(reason)
})

test('a stretch behind the end, and a file that is no sound, are named', async () => {
  const file = await recording('voice.wav', tone(1))
  const behind = await serflow('show', file, '--out', `${file}.svg`, '--start', '5')
  expect(behind.stderr).toBe(`${file}: nothing at --start 5: it is 1.00 s long\n`)
  const text = await recording('text.wav', new TextEncoder().encode('no sound'))
  const { status, stderr } = await serflow('show', text)
  expect(status).toBe(2)
  expect(stderr).toMatch(/text\.wav.*\n$/)
  expect(await filesBelow(join(text, '..'))).toHaveLength(1)
})
