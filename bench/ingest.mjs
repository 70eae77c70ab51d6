/**
 * Decoding and resampling 48 kHz 16-bit mono to 16 kHz, one core: ours with vectors and plain against soxr, torchaudio, scipy
 * and the sox command (ingest.py), on the same files, from bytes in memory (sox: from the file) to float32 samples. Clips of
 * 3.7 s are made; SERFLOW_RAVDESS_48K may name a folder with real ones. The limit is the multiply-adds that the vector
 * kernel does over the rate of a loop that does nothing else.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeWav } from '@serflow/ingest'
import { machine, median, oneThread, python, rounded, runJson } from './measure.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Microseconds a 10 ms frame of output, medians over the rounds. */
export async function benchIngest(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'serflow-bench-'))
  try {
    const result = {
      what: 'decode and resample 48 kHz 16-bit mono to 16 kHz, us a 10 ms frame, median',
    }
    Object.assign(result, machine(), { rounds, made: await compare(made(folder), rounds) })
    const real = process.env.SERFLOW_RAVDESS_48K
    if (real) result.real = await compare(real, rounds)
    return result
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compare(folder, rounds) {
  const samples = new Map()
  const absent = {}
  let about = {}
  for (let round = 0; round < rounds; round++) {
    const ours = await runJson([process.execPath, here('ingest-worker.mjs'), folder])
    const peers = await runJson([python, here('ingest.py'), folder], oneThread)
    if (peers.absent) absent.python = peers.absent
    Object.assign(absent, peers.missing)
    about = { ...about, ...ours.about, ...peers.about }
    for (const [name, us] of Object.entries({ ...ours.us, ...peers.us })) {
      samples.set(name, [...(samples.get(name) ?? []), us])
    }
  }
  const us = Object.fromEntries([...samples].map(([name, all]) => [name, median(all)]))
  const { limit, ...times } = us
  const ratios = Object.fromEntries(
    Object.entries(times).map(([name, each]) => [name, each / times.vectors]),
  )
  return rounded({ ...about, us: times, limitUs: limit, ratioToVectors: ratios, absent })
}

/** Forty clips of noise and swelling tones. */
function made(folder) {
  let state = 1
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647
  for (let clip = 0; clip < 40; clip++) {
    const samples = Float32Array.from({ length: 177_600 }, (_, i) => {
      const tone = Math.sin((2 * Math.PI * (110 + 9 * clip) * i) / 48000)
      return 0.3 * tone * Math.sin(i / 30_000) + 0.1 * (uniform() - 0.5)
    })
    const name = `clip-${String(clip).padStart(2, '0')}.wav`
    writeFileSync(join(folder, name), encodeWav({ samples, sampleRateHz: 48000 }))
  }
  return folder
}

/** The WAV files of a folder and of the folders in it. */
export function wavFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => join(folder, name))
}
