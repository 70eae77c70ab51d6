/**
 * The front end, one core: log-mels, both slopes and segments [n, 64, 64, 3] of 80 clips of 3.7 s at 16 kHz, as
 * microseconds a 10 ms frame. Each peer runs in turn with ours at the peer's own parameters: librosa and its formula in
 * numpy and scipy against the preset `librosa`, torchaudio against its parameters. Ours writes the segments into one array
 * that is used again, or, where that is said, into a new one for each clip, as the peers do. Then two worker threads against one,
 * and, where SERFLOW_RAVDESS names a folder of 16 kHz files, reading, decoding and features of all of them on two cores.
 */
import { fileURLToPath } from 'node:url'
import { machine, median, oneThread, python, rounded, runJson } from './measure.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const ours = (...what) => [process.execPath, here('frontend-worker.mjs'), ...what]
const peer = (...what) => [python, here('frontend.py'), ...what]

/** The same features: name, command. */
const contestants = {
  librosa: [
    ['ours', ours('frames', 'librosa', 'wasm-simd')],
    ['ours, new arrays', ours('frames', 'librosa', 'wasm-simd', 'new')],
    ['ours, plain', ours('frames', 'librosa', 'plain')],
    ['librosa', peer('librosa')],
    ["librosa's formula, scipy float32", peer('formula')],
  ],
  torchaudio: [
    ['ours', ours('frames', 'torchaudio', 'wasm-simd')],
    ['ours, new arrays', ours('frames', 'torchaudio', 'wasm-simd', 'new')],
    ['ours, plain', ours('frames', 'torchaudio', 'plain')],
    ['torchaudio, batch 1', peer('torchaudio', '1')],
    ['torchaudio, batch 16', peer('torchaudio', '16')],
  ],
  paper: [
    ['ours', ours('frames', 'paper', 'wasm-simd')],
    ['ours, new arrays', ours('frames', 'paper', 'wasm-simd', 'new')],
    ['ours, plain', ours('frames', 'paper', 'plain')],
    ['ours, trimmed', ours('frames', 'trimmed', 'wasm-simd')],
  ],
}

export async function benchFrontEnd(rounds) {
  const works = {}
  const versions = {}
  for (const [work, list] of Object.entries(contestants)) {
    const times = new Map()
    const absent = {}
    for (let round = 0; round < rounds; round++) {
      for (const [name, command] of list) {
        if (absent[name]) continue
        const run = await runJson(command, oneThread)
        if (run.absent) absent[name] = run.absent
        else times.set(name, [...(times.get(name) ?? []), run.us])
        Object.assign(versions, run.versions)
      }
    }
    const us = Object.fromEntries([...times].map(([name, all]) => [name, median(all)]))
    const ratios = Object.fromEntries(
      Object.entries(us).map(([name, each]) => [name, each / us.ours]),
    )
    works[work] = { us, timesOurs: ratios, absent }
  }
  const limit = await runJson(ours('limit'))
  return rounded({
    what: 'log-mels, slopes and segments: us a 10 ms frame on one core, medians',
    ...machine(),
    versions,
    rounds,
    works,
    limit,
    workers: await workers(rounds),
    ...(process.env.SERFLOW_RAVDESS && { ravdess: await ravdess(rounds) }),
  })
}

/** The same clips by one worker thread and by two, into arrays that are used again and into new ones. */
async function workers(rounds) {
  const works = { 'same arrays': [], 'new arrays': ['new'] }
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, { 1: [], 2: [] }]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, memory] of Object.entries(works)) {
      for (const count of [1, 2]) {
        const { seconds } = await runJson(ours('threads', String(count), ...memory))
        times[name][count].push(seconds)
      }
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, each]) => {
      const [one, two] = [median(each[1]), median(each[2])]
      return [name, { oneSeconds: one, twoSeconds: two, speedUp: one / two }]
    }),
  )
}

/** All recordings, from files to segments, by two worker threads. The first round may read from the disk. */
async function ravdess(rounds) {
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await runJson(ours('files', '2')))
  const [{ clips, soundSeconds, framesKept }] = runs
  const seconds = median(runs.map((run) => run.seconds))
  return { clips, soundSeconds, framesKept, seconds, timesRealTime: soundSeconds / seconds }
}
