import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { expect, test } from 'vitest'
import { readAudio, readAudioFile } from './sound.js'
import { bytesOf, plainWav, tone } from './wav.fixture.js'

test('the bytes decide the format, not the name', async () => {
  const { audio } = await readAudio(plainWav(tone(100)), 'take.mp3')
  expect(audio.samples.length).toBe(100)
})

test('sound of another format is an error with the command that converts it', async () => {
  await expect(readAudio(bytesOf('caff\0\x01'), 'in/take 1.wav')).rejects.toThrow(
    new InputError(
      '"in/take 1.wav" is Core Audio (.caf), which is not read here; convert it: ' +
        'ffmpeg -i "in/take 1.wav" -c:a pcm_s16le "in/take 1-pcm.wav"',
    ),
  )
})

test('a file is read to mono at 16 kHz, in a folder with blanks and letters outside ASCII', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'Größe Ω データ-'))
  const path = join(folder, 'take.wav')
  await writeFile(path, plainWav(tone(4800, 440, 48000), 48000))
  const audio = await readAudioFile(path)
  expect([audio.sampleRateHz, audio.samples.length]).toEqual([16000, 1600])
  await writeFile(path, 'nothing')
  await expect(readAudioFile(path)).rejects.toThrow(`"${path}" is text`)
  await rm(folder, { recursive: true })
})
