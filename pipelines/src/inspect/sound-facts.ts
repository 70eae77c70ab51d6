import { createHash } from 'node:crypto'
import { InputError, openFile } from '@serflow/core'
import {
  channelNotes,
  fingerprint,
  fingerprintSeconds,
  fingerprintText,
  frameSource,
  readWavHeader,
  startChannelLevels,
  startSoundDigest,
  fileKind,
  type ByteSource,
  type WavHeader,
} from '@serflow/ingest'

/** What is to be known of one sound file. Levels are of the mean of its channels, in dB below full scale. */
export interface SoundFacts {
  readonly bytes: number
  /** SHA-256 of the file's bytes. */
  readonly digest: string
  /** SHA-256 of rate and mono samples without zeros at both ends, as in the manifest; null where all are 0. */
  readonly samplesDigest: string | null
  /** Such as `WAV` or `FLAC (.flac)`. */
  readonly format: string
  /** How samples are coded, such as `16-bit PCM`; null where the format does not say. */
  readonly coding: string | null
  readonly sampleRateHz: number
  readonly channels: number
  /** Whether all channels hold the same samples; null for one channel, and where it is not looked at. */
  readonly channelsAlike: boolean | null
  /** Channels that hold nothing but zeros. */
  readonly silentChannels: number
  readonly frames: number
  readonly durationSeconds: number
  /** null where all samples are 0. */
  readonly rmsDb: number | null
  readonly peakDb: number | null
  /** Mean of the samples. */
  readonly offset: number
  /** Share of samples that are exactly 0. */
  readonly zeroShare: number
  readonly notes: readonly string[]
}

/** With what tells a copy of it at another level, rate or coding; see `fingerprint` of ingest. */
export interface MeasuredSound extends SoundFacts {
  readonly fingerprint: string | null
}

/** Frames at a time: memory does not grow with the length of the sound. */
const blockFrames = 1 << 18

/**
 * Reads a sound file once through.
 *
 * @param name for messages
 * @throws InputError for what is wrong with the file, as `readAudio`
 */
export async function soundFacts(path: string, name: string): Promise<MeasuredSound> {
  const file = openFile(path, 'a sound file')
  try {
    const digest = digestOf(file)
    const source = await frameSource(file, name)
    try {
      const wav = wavHeader(file, name)
      const { sampleRateHz, channels } = source
      const levels = startLevels()
      const byChannel = startChannelLevels(wav?.format.fullScale ?? 1 - 2 ** -15)
      const samplesDigest = startSoundDigest(sampleRateHz)
      const start = startOfSound(sampleRateHz)
      const compared = wav && channels > 1 ? startChannels(channels) : undefined
      let frames = 0
      for (;;) {
        const samples = await source.read(frames, frames + blockFrames)
        if (samples.length === 0) break
        levels.add(samples)
        samplesDigest.add(samples)
        start.add(samples)
        byChannel.add(
          wav && compared ? compared.add(file, wav, frames, frames + samples.length) : [samples],
        )
        frames += samples.length
      }
      if (frames === 0) {
        throw new InputError(`"${name}" holds no samples; record it again or remove it`)
      }
      return {
        bytes: file.size,
        digest,
        samplesDigest: samplesDigest.end(),
        format: wav ? 'WAV' : fileKind(file.read(0, 512)).name,
        coding: wav?.format.name ?? null,
        sampleRateHz,
        channels,
        channelsAlike: compared?.alike() ?? null,
        silentChannels: compared?.silent() ?? 0,
        frames,
        durationSeconds: frames / sampleRateHz,
        ...levels.facts(frames),
        notes: [
          ...source.notes(),
          ...(levels.loudNote() ?? channelNotes(byChannel, levels.isSilent())),
        ],
        fingerprint: start.fingerprint(),
      }
    } finally {
      source.close()
    }
  } finally {
    file.close()
  }
}

function wavHeader(file: ByteSource, name: string): WavHeader | undefined {
  return fileKind(file.read(0, 512)).name === 'WAV' ? readWavHeader(file, name) : undefined
}

function digestOf(file: ByteSource): string {
  const hash = createHash('sha256')
  for (let at = 0; at < file.size; at += 1 << 20) hash.update(file.read(at, at + (1 << 20)))
  return hash.digest('hex')
}

/** Keeps as much of a sound's beginning as its fingerprint is made of. */
function startOfSound(sampleRateHz: number) {
  const pieces: Float32Array[] = []
  let missing = fingerprintSeconds * sampleRateHz
  return {
    add(samples: Float32Array): void {
      if (missing <= 0) return
      pieces.push(samples.slice(0, missing))
      missing -= samples.length
    },
    fingerprint(): string | null {
      const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
      let at = 0
      for (const piece of pieces) {
        samples.set(piece, at)
        at += piece.length
      }
      const words = fingerprint({ samples, sampleRateHz })
      return words && fingerprintText(words)
    },
  }
}

/** Levels of the mean of the channels, which comes in blocks. */
function startLevels() {
  let sum = 0
  let squares = 0
  let peak = 0
  let zeros = 0
  return {
    add(samples: Float32Array): void {
      for (const sample of samples) {
        sum += sample
        squares += sample * sample
        if (sample === 0) zeros++
        const size = Math.abs(sample)
        if (size > peak) peak = size
      }
    },
    facts(frames: number) {
      return {
        rmsDb: decibels(Math.sqrt(squares / frames)),
        peakDb: decibels(peak),
        offset: sum / frames,
        zeroShare: zeros / frames,
      }
    },
    isSilent: () => peak === 0,
    /** Of floats: they may be louder than full scale, and are not clipped there. */
    loudNote(): readonly string[] | undefined {
      return peak > 1
        ? [`above full scale: its loudest sample is ${peak.toPrecision(3)}`]
        : undefined
    },
  }
}

function decibels(value: number): number | null {
  return value > 0 ? 20 * Math.log10(value) : null
}

/** Compares the channels of a WAV file, sample for sample. */
function startChannels(count: number) {
  let same = true
  const heard = new Array<boolean>(count).fill(false)
  return {
    /** @returns the frames' samples, one array a channel */
    add(file: ByteSource, { format, start }: WavHeader, first: number, last: number) {
      const frameBytes = format.bytes * count
      const data = file.read(start + first * frameBytes, start + last * frameBytes)
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
      const frames = Math.floor(data.length / frameBytes)
      const channels = Array.from({ length: count }, () => new Float32Array(frames))
      for (let frame = 0, at = 0; frame < frames; frame++) {
        const left = format.read(view, at)
        for (let channel = 0; channel < count; channel++, at += format.bytes) {
          const sample = format.read(view, at)
          channels[channel]![frame] = sample
          if (sample !== left) same = false
          if (sample !== 0) heard[channel] = true
        }
      }
      return channels
    },
    alike: () => same,
    silent: () => heard.filter((loud) => !loud).length,
  }
}
