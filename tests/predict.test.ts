import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { embeddingSet, headWeights } from '@serflow/core'
import { decodeWav, encodeWav } from '@serflow/ingest'
import { predictClips } from '@serflow/model'
import { beforeAll, expect, test } from 'vitest'
import { call, sampleWorkspace, serflow, type Workspace } from './serflow.fixture.js'

interface Answer {
  readonly file: string
  readonly emotion: string
  readonly probabilities: Readonly<Record<string, number>>
  readonly windows: readonly {
    readonly startSeconds: number
    readonly endSeconds: number
    readonly emotion: string
    readonly probabilities: Readonly<Record<string, number>>
  }[]
}

let workspace: Workspace
let classes: readonly string[]

beforeAll(async () => {
  workspace = await sampleWorkspace()
  expect((await workspace.run()).status).toBe(0)
  classes = (await workspace.report()).classes
})

const recording = (actor: string, code: string) =>
  join(workspace.recordings, `Actor_${actor}/03-01-${code}-01-01-01-${actor}.wav`)

async function predict(...files: readonly string[]) {
  const { status, stdout, stderr } = await serflow('predict', '--data', workspace.folder, ...files)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { status, stderr, answers: lines.map((line) => JSON.parse(line) as Answer) }
}

/** Writes a WAV of the first samples of all recordings of speaker 01, one after the other. */
async function joined(name: string, seconds: number): Promise<string> {
  const samples = new Float32Array(seconds * 16000)
  for (let at = 0, code = 1; at < samples.length; code = (code % 8) + 1) {
    const path = recording('01', `0${code}`)
    const { audio } = decodeWav(await readFile(path), path)
    samples.set(audio.samples.subarray(0, samples.length - at), at)
    at += audio.samples.length
  }
  const path = join(workspace.folder, name)
  await writeFile(path, encodeWav({ samples, sampleRateHz: 16000 }))
  return path
}

test('predict gives what the batch path gives: its embeddings through the final head', async () => {
  const files = classes.map((_, index) => recording('02', `0${index + 1}`))
  const { status, answers } = await predict(...files)
  expect(status).toBe(0)
  const head = await workspace.artefact('train[fold=all,seed=0]', headWeights)
  const { clips } = await workspace.artefact('embeddings[speaker=02]', embeddingSet)
  const standardiser = { mean: head.tensors.mean!.data, deviation: head.tensors.deviation!.data }
  for (const [index, answer] of answers.entries()) {
    expect(answer.file).toBe(files[index])
    const id = `03-01-0${index + 1}-01-01-01-02`
    const { tensor } = clips.find(({ clipId }) => clipId === id)!
    const [expected] = await predictClips(head.tensors, standardiser, [tensor.data])
    classes.forEach((name, c) => {
      expect(Math.abs(answer.probabilities[name]! - expected![c]!)).toBeLessThan(1e-5)
    })
    expect(Object.keys(answer.probabilities)).toEqual(classes)
    expect(answer.emotion).toBe(classes[expected!.indexOf(Math.max(...expected!))])
    expect(answer.windows).toHaveLength(1)
    expect(answer.windows[0]!.probabilities).toEqual(answer.probabilities)
  }
})

test('of several files the bad ones get a line each on standard error, the good one its answer', async () => {
  const text = join(workspace.folder, 'text.wav')
  const folder = join(workspace.folder, 'folder.wav')
  const missing = join(workspace.folder, 'missing.wav')
  const empty = join(workspace.folder, 'empty.wav')
  await writeFile(text, 'Dear diary,\n')
  await writeFile(empty, '')
  await mkdir(folder)
  const good = recording('01', '05')
  const { status, stderr, answers } = await predict(text, folder, good, missing, empty)
  expect(status).toBe(1)
  expect(answers.map(({ file }) => file)).toEqual([good])
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  const expected = ['not sound', 'is a folder', 'does not exist', 'is empty']
  ;[text, folder, missing, empty].forEach((path, index) => {
    expect(lines[index]).toContain(path)
    expect(lines[index]).toContain(expected[index])
  })
})

test('a recording of 40 s is answered in three windows and their mean by duration', async () => {
  const { answers } = await predict(await joined('forty.wav', 40))
  const { windows, probabilities, emotion } = answers[0]!
  expect(windows.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [0, 15],
    [15, 30],
    [30, 40],
  ])
  for (const name of classes) {
    const [first, second, third] = windows.map((window) => window.probabilities[name]!)
    const mean = (15 * first! + 15 * second! + 10 * third!) / 40
    expect(probabilities[name]).toBeCloseTo(mean, 12)
  }
  const best = Math.max(...Object.values(probabilities))
  expect(probabilities[emotion]).toBe(best)
  // A window is answered as that stretch alone is.
  const [alone] = (await predict(await joined('fifteen.wav', 15))).answers
  expect(alone!.probabilities).toEqual(windows[0]!.probabilities)
})

test('a tenth of a second, one sample and another rate are answered; what is shorter is refused by name', async () => {
  const write = async (name: string, length: number, sampleRateHz: number) => {
    const samples = Float32Array.from({ length }, (_, i) => 0.3 * Math.sin(i / 7))
    const path = join(workspace.folder, name)
    await writeFile(path, encodeWav({ samples, sampleRateHz }))
    return path
  }
  const files = [
    await write('tenth.wav', 1600, 16000),
    await write('sample.wav', 1, 16000),
    await write('rate.wav', 44100, 44100),
  ]
  const { status, answers } = await predict(...files)
  expect(status).toBe(0)
  expect(answers.map(({ windows }) => windows[0]!.endSeconds)).toEqual([0.1, 1 / 16000, 1])
  for (const { probabilities } of answers) {
    const sum = Object.values(probabilities).reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(1, 5)
  }
  const shorter = await predict(await write('shorter.wav', 1, 48000))
  expect(shorter).toMatchObject({ status: 1, answers: [] })
  expect(shorter.stderr).toMatch(/shorter\.wav: sound without samples.*\n$/)
})

test('a file cut short is answered with a note', async () => {
  const path = join(workspace.folder, 'cut.wav')
  const bytes = await readFile(recording('03', '04'))
  await writeFile(path, bytes.subarray(0, bytes.length >> 1))
  const { status, stderr, answers } = await predict(path)
  expect(status).toBe(0)
  expect(answers).toHaveLength(1)
  expect(stderr).toMatch(/^note: .*cut\.wav: truncated/)
})

test('a reader that has had enough ends predict without a complaint', async () => {
  const files = Array<string>(200).fill(recording('01', '05'))
  const { process: child, ended } = call(['predict', '--data', workspace.folder, ...files])
  child.stdout!.once('data', () => child.stdout!.destroy())
  expect(await ended).toMatchObject({ status: 0, stderr: '' })
})

/** Highest resident memory of `predict FILE` in bytes, as far as it is seen. */
async function peakMemory(path: string): Promise<number> {
  const { process: child, ended } = call(['predict', '--data', workspace.folder, path])
  let peak = 0
  const look = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (text) => (peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0))),
      () => undefined,
    )
  }, 20)
  const { status, stdout } = await ended
  clearInterval(look)
  expect(status).toBe(0)
  expect(stdout.split('\n')).toHaveLength(2)
  return peak
}

test('the memory that predict needs does not grow with the recording', async () => {
  const short = await joined('ten-seconds.wav', 10)
  // The header of the short file with the length of 40 minutes; the rest of the file is a hole, which reads as silence.
  const long = join(workspace.folder, 'long.wav')
  const bytes = (await readFile(short)).subarray(0, 44 + 10 * 32000)
  const dataBytes = 2400 * 32000
  const header = Buffer.from(bytes)
  header.writeUInt32LE(36 + dataBytes, 4)
  header.writeUInt32LE(dataBytes, 40)
  const file = await open(long, 'w')
  await file.write(header)
  await file.truncate(44 + dataBytes)
  await file.close()
  // All of it at once would be 77 MB of bytes and 154 MB of numbers.
  const [needed, allowed] = [await peakMemory(long), (await peakMemory(short)) + 100e6]
  expect(needed).toBeGreaterThan(0)
  expect(needed).toBeLessThan(allowed)
})

test('a model by name answers as the one of the run; what is no model is told in one line', async () => {
  const good = recording('01', '03')
  const path = join(workspace.folder, 'copy.onnx')
  await writeFile(path, await workspace.result('model.onnx'))
  const named = await serflow('predict', good, '--model', path)
  const { answers } = await predict(good)
  expect(JSON.parse(named.stdout)).toEqual(answers[0])
  for (const [model, expected] of [
    [good, 'is no serflow model'],
    [join(workspace.folder, 'none.onnx'), 'there is no model'],
  ] as const) {
    const { status, stdout, stderr } = await serflow('predict', good, '--model', model)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(expected)
  }
})

test('without a model, and with several, predict says which one to name', async () => {
  const fresh = await sampleWorkspace(1, 1)
  const none = await serflow('predict', recording('01', '01'), '--data', fresh.folder)
  expect(none).toMatchObject({ status: 2 })
  expect(none.stderr).toContain('there is no trained model yet')
  const own = await workspace.copy()
  await own.run('--set', 'name=second')
  const several = await serflow('predict', recording('01', '01'), '--data', own.folder)
  expect(several).toMatchObject({ status: 2 })
  expect(several.stderr).toContain('there are models of second, tiny; name one with --model')
})
