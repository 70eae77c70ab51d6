import { writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { InputError } from '@serflow/core'
import { logMelConfig, presets, type LogMelConfig, type SegmentConfig } from '@serflow/features'
import { openRecording, type Recording } from '@serflow/ingest'
import { windowSeconds, windowsOf } from './infer.js'
import { drawPicture } from './picture/picture.js'
import { windowFeatures, type WindowFeatures } from './picture/window-features.js'
import { readSettings } from './settings-file.js'
import { checkSettings } from './settings.js'

/** Longest stretch that one picture can show: a pixel then stands for a seventh of a second. */
export const longestSeconds = 120

export interface ShowOptions {
  readonly file: string
  readonly out?: string | undefined
  readonly config?: string | undefined
  readonly preset?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly start?: number | undefined
  readonly end?: number | undefined
}

/**
 * Draws a recording as the CNN sees it and prints the picture's path. @returns the exit status
 *
 * @throws InputError for what is wrong with the file, the settings or the stretch
 */
export async function showCommand(options: ShowOptions): Promise<number> {
  const out = options.out ?? `${nameOf(options.file)}.svg`
  const kind = extname(out).toLowerCase()
  if (kind !== '.svg' && kind !== '.png') {
    throw new InputError(`--out ${out}: expected a name that ends in .svg or .png`)
  }
  const { features, segments } = await settingsOf(options)
  const recording = await openRecording(options.file, features.sampleRateHz)
  let windows: readonly WindowFeatures[]
  try {
    windows = await windowsFrom(recording, options, features, segments)
  } finally {
    recording.close()
  }
  for (const note of recording.notes) process.stderr.write(`note: ${options.file}: ${note}\n`)
  const name = basename(options.file)
  const lines = [
    soundLine(recording, windows),
    `${presetWords(features)}: ${frontEndWords(features)}`,
  ]
  const svg = drawPicture({ name, lines, windows, config: features, segments })
  const content = kind === '.svg' ? svg : await pngOf(svg)
  await writeFile(out, content).catch((error: NodeJS.ErrnoException) => {
    const reason = writeFaults[error.code ?? ''] ?? error.message
    throw new InputError(`--out ${out}: cannot be written (${reason})`)
  })
  process.stdout.write(`${out}\n`)
  return 0
}

const writeFaults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be written by you',
  ENOSPC: 'the disk is full',
}

/** The rasteriser is loaded for PNG only. */
async function pngOf(svg: string): Promise<Uint8Array> {
  const { rasterised } = await import('./picture/raster.js')
  return rasterised(svg)
}

function nameOf(file: string): string {
  return basename(file, extname(file)) || 'picture'
}

async function settingsOf({ config, preset, set = [] }: ShowOptions) {
  const overrides = preset === undefined ? set : [`features.preset=${preset}`, ...set]
  const { tree, placeOf } = await readSettings(config, overrides)
  // What is shown needs no corpus, but a file of settings without one is not complete.
  const corpus = 'corpus' in tree || 'corpora' in tree ? {} : { corpus: { kind: 'ravdess' } }
  return checkSettings({ ...corpus, ...tree }, placeOf)
}

async function windowsFrom(
  recording: Recording,
  { file, start = 0, end }: ShowOptions,
  features: LogMelConfig,
  segments: SegmentConfig,
): Promise<readonly WindowFeatures[]> {
  const rate = features.sampleRateHz
  if (!(start >= 0)) {
    throw new InputError(`--start${given(start)}: expected seconds, 0 or more`)
  }
  if (end !== undefined && !(end > start)) {
    throw new InputError(`--end${given(end)}: expected seconds behind --start ${start}`)
  }
  const first = Math.round(start * rate)
  const most = longestSeconds * rate
  const last = end === undefined ? Infinity : Math.round(end * rate)
  if (last <= first) {
    throw new InputError(`--start ${start} --end ${end}: no sample at ${rate} Hz lies between them`)
  }
  // The length of a compressed file is not known before it has been read.
  if (recording.samples !== undefined && Math.min(last, recording.samples) - first > most) {
    throw tooLong(file, recording)
  }
  const sound = {
    sampleRateHz: rate,
    read: (from: number, to: number) => recording.read(first + from, Math.min(first + to, last)),
  }
  const windows: WindowFeatures[] = []
  let samples = 0
  for await (const window of windowsOf(sound)) {
    samples += window.audio.samples.length
    if (samples > most) throw tooLong(file, recording)
    if (samples === 0) throw behindTheEnd(file, start, recording)
    const startSeconds = (first + window.start) / rate
    windows.push(windowFeatures(window.audio, startSeconds, features, segments))
  }
  return windows
}

function tooLong(file: string, { durationSeconds }: Recording): InputError {
  const length = durationSeconds === undefined ? '' : ` of ${seconds(durationSeconds)}`
  return new InputError(
    `${file}: a picture shows at most ${longestSeconds} s${length}; name a shorter stretch, such as --start 0 --end 60`,
  )
}

function behindTheEnd(file: string, start: number, { durationSeconds }: Recording): InputError {
  const length =
    durationSeconds === undefined ? 'it ends before' : `it is ${seconds(durationSeconds)} long`
  return new InputError(`${file}: nothing at --start ${start}: ${length}`)
}

function soundLine(recording: Recording, windows: readonly WindowFeatures[]): string {
  const { startSeconds } = windows[0]!
  const { endSeconds } = windows.at(-1)!
  const { durationSeconds, channels } = recording
  const length = durationSeconds === undefined ? '' : `${seconds(durationSeconds)}, `
  const isWhole =
    startSeconds === 0 && durationSeconds !== undefined && endSeconds > durationSeconds - 0.001
  const shown = isWhole ? '' : `shown: ${startSeconds.toFixed(2)} to ${seconds(endSeconds)}; `
  const count = windows.reduce((sum, { segments }) => sum + segments.length, 0)
  const parts = [
    `${length}${channels} ${channels === 1 ? 'channel' : 'channels, their mean'}; ${shown}${count} ${count === 1 ? 'segment' : 'segments'}`,
    ...(windows.length > 1 ? [` in ${windows.length} windows of ${windowSeconds} s`] : []),
  ]
  return parts.join('')
}

/** Seconds to a hundredth, milliseconds where they are few, and as a clock shows them from a minute on. */
function seconds(value: number): string {
  if (value < 0.1) return `${Number((1000 * value).toPrecision(2))} ms`
  const plain = `${value.toFixed(2)} s`
  if (value < 60) return plain
  const whole = Math.floor(value)
  const two = (part: number) => String(part).padStart(2, '0')
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
  return `${plain} (${whole < 3600 ? '' : `${Math.floor(whole / 3600)}:`}${minutes})`
}

/** The preset, and the settings that are not as it has them. */
function presetWords(features: LogMelConfig): string {
  const usual = logMelConfig.parse({ preset: features.preset, ...presets[features.preset] })
  const changed = Object.entries(features)
    .filter(([name, value]) => usual[name as keyof LogMelConfig] !== value)
    .map(([name, value]) => `${name}=${value}`)
  return `preset ${features.preset}${changed.length > 0 ? ` with ${changed.join(', ')}` : ''}`
}

function frontEndWords(features: LogMelConfig): string {
  const { sampleRateHz, windowMs, hopMs, fftSize, bands, melScale, lowHz, highHz } = features
  return (
    `${sampleRateHz} Hz, window ${windowMs} ms every ${hopMs} ms, FFT ${fftSize}, ` +
    `${bands} ${bands === 1 ? 'band' : 'bands'} (${melScale}) from ${lowHz} to ${highHz} Hz`
  )
}

/** A number as it was given; a word is none. */
function given(value: number): string {
  return Number.isNaN(value) ? '' : ` ${value}`
}
