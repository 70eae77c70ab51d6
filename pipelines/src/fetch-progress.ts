import { megabytes, type FetchProgress } from '@serflow/ingest'
import { duration } from './progress.js'

/** Shows a fetch on standard error: a live line on a terminal, a line every tenth elsewhere. */
export function fetchProgress(
  title: string,
  isTerminal: boolean = process.stderr.isTTY,
  write: (text: string) => void = (text) => process.stderr.write(text),
  now: () => number = () => performance.now(),
): {
  show(progress: FetchProgress): void
  note(text: string): void
  end(): void
} {
  let doing = ''
  let told = -1
  let drawn = 0
  let start = { bytes: 0, ms: 0 }
  const clear = () => {
    if (isTerminal && doing !== '') write('\r\u001b[2K')
  }

  return {
    show({ doing: current, bytes, total }) {
      const first = current !== doing
      if (first) {
        if (current === 'fetching') start = { bytes, ms: now() }
        doing = current
        told = -1
      }
      const share = Math.min(1, bytes / total)
      const tenth = Math.floor(share * 10)
      const line = `${current} ${title}: ${megabytes(bytes)} of ${megabytes(total)} (${Math.floor(100 * share)} %)`
      if (isTerminal) {
        // Ten times a second is enough for an eye.
        if (!first && now() - drawn < 100) return
        drawn = now()
        clear()
        write(line + timeLeft(current, bytes, total))
      } else if (tenth > told && current === 'fetching') {
        write(`${line}${timeLeft(current, bytes, total)}\n`)
        told = tenth
      }
    },
    note(text) {
      clear()
      write(`${text}\n`)
    },
    end() {
      clear()
      doing = ''
    },
  }

  function timeLeft(current: string, bytes: number, total: number): string {
    const seconds = (now() - start.ms) / 1000
    const rate = (bytes - start.bytes) / seconds
    if (current !== 'fetching' || seconds < 2 || !(rate > 0)) return ''
    return `, ${megabytes(rate)}/s, ${duration((total - bytes) / rate)} left`
  }
}
