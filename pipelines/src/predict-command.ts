import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { openRecording } from '@serflow/ingest'
import { openRecogniser } from './infer.js'
import { fileSize, listFolder } from './runner/store.js'
import { visible } from './visible.js'
import { dataFolder } from './workspace.js'

export interface PredictOptions {
  readonly files: readonly string[]
  readonly model?: string | undefined
  readonly data?: string | undefined
}

/**
 * Prints one line of JSON a file; a file that cannot be used gets a line on standard error and the others are
 * still answered. @returns 0, or 1 where a file had no answer
 */
export async function predictCommand(options: PredictOptions): Promise<number> {
  const recogniser = await openRecogniser(options.model ?? (await defaultModel(options.data)))
  if (recogniser.card.synthetic === 'true') {
    process.stderr.write(
      'note: this model was trained on synthetic speech; its answers say nothing of real voices\n',
    )
  }
  let status = 0
  for (const file of options.files) {
    try {
      const recording = await openRecording(file, recogniser.sampleRateHz)
      try {
        const answer = await recogniser.recognise(recording)
        for (const note of recording.notes)
          process.stderr.write(visible(`note: ${file}: ${note}`) + '\n')
        process.stdout.write(`${JSON.stringify({ file, ...answer })}\n`)
      } finally {
        recording.close()
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const { message } = error
      const line = message.includes(file) ? message : `${file}: ${message}`
      process.stderr.write(`${visible(line)}\n`)
      status = 1
    }
  }
  await recogniser.close()
  return status
}

/** The model of the RAVDESS run, else of the only run there is. */
async function defaultModel(data: string | undefined): Promise<string> {
  const { runs } = dataFolder(data)
  const trained: string[] = []
  for (const name of await listFolder(runs)) {
    if ((await fileSize(join(runs, name, 'model.onnx'))) !== undefined) trained.push(name)
  }
  const name = trained.includes('ravdess')
    ? 'ravdess'
    : trained.length === 1
      ? trained[0]
      : undefined
  if (name !== undefined) return join(runs, name, 'model.onnx')
  throw new InputError(
    trained.length === 0
      ? `${runs}: there is no trained model yet; run "serflow run" first, or name one with --model`
      : `${runs}: there are models of ${trained.join(', ')}; name one with --model ${join(runs, trained[0]!, 'model.onnx')}`,
  )
}
