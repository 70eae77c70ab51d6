import type { Settings } from './settings.js'

/**
 * Settings whose backends are there, before hours of work; `auto` becomes the name of the fastest, so that it is in the
 * cache's keys and in the report.
 *
 * @throws InputError with the reason where a backend is not there, and what to do
 */
export async function withBackends(settings: Settings): Promise<Settings> {
  const { train, embeddings } = settings.model
  // The default is there without a look, which would cost a start.
  if (train.backend === 'onnx-cpu' && embeddings.backend === 'onnx-cpu') return settings
  // A module of its own: imported here, the package would be loaded by every run.
  const { openBackends } = await import('./open-backends.js')
  const backend = await openBackends(train.backend, embeddings.backend)
  return { ...settings, model: { ...settings.model, train: { ...train, backend } } }
}
