import { InputError } from '@serflow/core'
import { BackendUnavailableError, openBackend } from '@serflow/tfjs-onnx'
import type { Settings } from './settings.js'

/**
 * Opens what trains and what embeds.
 *
 * @returns the name of what trains, where `auto` was asked for
 * @throws InputError with the reason where one is not there, and what to do
 */
export async function openBackends(
  training: Settings['model']['train']['backend'],
  embedding: Settings['model']['embeddings']['backend'],
) {
  try {
    if (embedding !== 'onnx-cpu') await openBackend(embedding)
    const { name } = await openBackend(training)
    return name
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error
    throw new InputError(`${error.message} (serflow doctor lists all backends)`)
  }
}
