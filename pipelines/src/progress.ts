import type { Node } from './runner/graph.js'
import { firstRun } from './runner/plan.js'
import type { RunEvents } from './runner/run.js'

/** Shows a run on standard error: a live line with the time left on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly events: RunEvents
  /** Ends the live line. */
  end(): void
  /** Seconds of work by stage. */
  readonly secondsByStage: Record<string, number>
}

/** A shorter time left is not worth telling. */
const shortestLeftSeconds = 5

/**
 * @param nodes all nodes the run may touch
 * @param write where to; standard error by default
 */
export function showProgress(
  nodes: readonly Node[],
  isTerminal: boolean = process.stderr.isTTY,
  write: (text: string) => void = (text) => process.stderr.write(text),
): Progress {
  const timing = new Map<string, { seconds: number; nodes: number }>()
  const running = new Map<Node, number>()
  const settled = new Set<Node>()
  const secondsByStage: Record<string, number> = {}

  const line = (text: string) => {
    clear()
    write(`${text}\n`)
    draw()
  }
  const clear = () => {
    if (isTerminal) write('\r\u001b[2K')
  }
  const draw = () => {
    if (!isTerminal || running.size === 0) return
    const names = [...running].map(([node, share]) => `${node.name} ${Math.round(share * 100)} %`)
    // A terminal that does not know its width says 0.
    const width = process.stderr.columns || 80
    write(`${count()}${timeLeft()}  ${names.join(', ')}`.slice(0, width - 1))
  }
  const settle = (node: Node) => {
    running.delete(node)
    settled.add(node)
  }
  // A node that nobody counted on may have to be made again.
  const count = () => `${settled.size}/${Math.max(nodes.length, settled.size + running.size)}`

  /** Work left at the pace seen so far; a stage that has not run yet is not known and says so by "more than". */
  const timeLeft = (): string => {
    let seconds = 0
    let unknown = false
    for (const [stage, left] of countByStage(nodes.filter((node) => !settled.has(node)))) {
      const seen = timing.get(stage)
      const done = [...running].reduce(
        (sum, [node, share]) => sum + (node.stage === stage ? share : 0),
        0,
      )
      if (seen) seconds += (Math.max(0, left - done) * seen.seconds) / seen.nodes
      else unknown = true
    }
    const left = seconds / Math.max(1, running.size)
    if (left < shortestLeftSeconds) return ''
    return `  ${unknown ? 'more than ' : ''}${duration(left)} left`
  }

  return {
    secondsByStage,
    events: {
      cached: settle,
      started(node, reasons) {
        running.set(node, 0)
        settled.delete(node)
        if (isTerminal) redraw()
        // The first run of all says no more than the line behind it.
        else if (reasons.join() !== firstRun) write(`${node.name}: ${reasons.join('; ')}\n`)
      },
      progress(node, fraction) {
        running.set(node, fraction)
        redraw()
      },
      done(node, seconds) {
        const seen = timing.get(node.stage) ?? { seconds: 0, nodes: 0 }
        timing.set(node.stage, { seconds: seen.seconds + seconds, nodes: seen.nodes + 1 })
        secondsByStage[node.stage] = (secondsByStage[node.stage] ?? 0) + seconds
        settle(node)
        const left = isTerminal ? '' : timeLeft()
        line(`${node.name}: done in ${seconds.toFixed(1)} s (${count()})${left}`)
      },
      failed(node, error) {
        settle(node)
        line(`${node.name}: failed: ${error.message}`)
      },
      blocked(node, by) {
        settle(node)
        line(`${node.name}: not run, since ${by.name} failed`)
      },
      warning: (message) => line(`warning: ${message}`),
    },
    end() {
      clear()
      running.clear()
    },
  }

  function redraw(): void {
    clear()
    draw()
  }
}

function countByStage(nodes: readonly Node[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { stage } of nodes) counts.set(stage, (counts.get(stage) ?? 0) + 1)
  return counts
}

/** `0.05 s`, `0.4 s`, `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds >= 0.005 && seconds < 0.095) return `${seconds.toFixed(2)} s`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
