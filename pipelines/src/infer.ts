import { readFile } from 'node:fs/promises'
import { Tensor as OrtTensor } from 'onnxruntime-node'
import { InputError, type Audio } from '@serflow/core'
import { cutSegments, logMelChannels, logMelConfig, segmentConfig } from '@serflow/features'
import { toOnnxSegments } from '@serflow/model'
import { createSession, readModelMetadata } from '@serflow/tfjs-onnx'

/** Longest stretch that is taken as one clip. */
export const windowSeconds = 15

/** Mono sound that is read in parts, such as ingest's Recording. */
export interface Sound {
  readonly sampleRateHz: number
  /** Samples first to last, the latter not included; fewer where the sound ends before. */
  read(first: number, last: number): Promise<Audio>
}

/** The answer for one recording. */
export interface Inference {
  readonly emotion: string
  readonly probabilities: Readonly<Record<string, number>>
  readonly windows: readonly InferenceWindow[]
}

export interface InferenceWindow {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly emotion: string
  readonly probabilities: Readonly<Record<string, number>>
}

/** A loaded model.onnx with the front end it asks for. */
export interface Recogniser {
  readonly classes: readonly string[]
  readonly sampleRateHz: number
  /** Metadata of the model file. */
  readonly card: Readonly<Record<string, string>>
  /**
   * Up to 15 s a recording is one window; beyond, it is cut every 15 s and its probabilities are the mean of the
   * windows', weighted by their lengths. One window at a time is read.
   *
   * @param sound at the model's rate
   */
  recognise(sound: Sound): Promise<Inference>
  close(): Promise<void>
}

/** @throws InputError where the file is missing or is no model of ours */
export async function openRecogniser(path: string): Promise<Recogniser> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'ENOENT'
        ? `${path}: there is no model; train one with "serflow run", or name one with --model`
        : `${path}: cannot be read (${error.code ?? error.message})`,
    )
  })
  const card = metadataOf(bytes, path)
  const classes = JSON.parse(card.classes!) as readonly string[]
  const logMel = logMelConfig.parse(JSON.parse(card.logMel!))
  const segments = segmentConfig.parse(JSON.parse(card.segments!))
  const session = await createSession(bytes)

  const probabilitiesOf = async (audio: Audio): Promise<readonly number[]> => {
    const cut = cutSegments(logMelChannels(audio, logMel), segments)
    const input = toOnnxSegments(cut.segments)
    const { probabilities } = await session.run({
      segments: new OrtTensor('float32', input.data, [1, ...input.shape]),
      counts: new OrtTensor('int64', BigInt64Array.of(BigInt(input.shape[0]!)), [1]),
    })
    return Array.from(probabilities!.data as Float32Array)
  }

  return {
    classes,
    sampleRateHz: logMel.sampleRateHz,
    card,
    async recognise(sound) {
      const windows: InferenceWindow[] = []
      const sum = new Array<number>(classes.length).fill(0)
      let end = 0
      for await (const { start, audio } of windowsOf(sound)) {
        end = start + audio.samples.length
        const values = await probabilitiesOf(audio)
        values.forEach((value, index) => (sum[index]! += value * (end - start)))
        windows.push({
          startSeconds: start / sound.sampleRateHz,
          endSeconds: end / sound.sampleRateHz,
          ...answer(classes, values),
        })
      }
      const mean = sum.map((value) => value / end)
      return { ...answer(classes, mean), windows }
    },
    close: () => session.release(),
  }
}

/** Stretches of 15 s; the last one is what is left. The length of the sound need not be known. */
export async function* windowsOf(
  sound: Sound,
): AsyncGenerator<{ readonly start: number; readonly audio: Audio }> {
  const length = windowSeconds * sound.sampleRateHz
  for (let start = 0; ; start += length) {
    const audio = await sound.read(start, start + length)
    if (start === 0 || audio.samples.length > 0) yield { start, audio }
    if (audio.samples.length < length) return
  }
}

function answer(classes: readonly string[], values: readonly number[]) {
  const best = values.indexOf(Math.max(...values))
  return {
    emotion: classes[best]!,
    probabilities: Object.fromEntries(classes.map((name, index) => [name, values[index]!])),
  }
}

function metadataOf(bytes: Uint8Array, path: string): Record<string, string> {
  let card: Record<string, string> = {}
  try {
    card = readModelMetadata(bytes)
  } catch {
    // Not ONNX at all; said below.
  }
  if (!card.format?.startsWith('serflow model ')) {
    throw new InputError(`${path}: is no serflow model; expected the model.onnx of a run`)
  }
  return card
}
