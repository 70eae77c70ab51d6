import type { Node } from './runner/graph.js'
import type { RunEvents } from './runner/run.js'

/** Shows a run on standard error: a live line with the time left on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly events: RunEvents
  /** Ends the live line. */
  end(): void
  /** Seconds of work by stage. */
  readonly secondsByStage: Record<string, number>
}

/**
 * @param nodes all nodes the run may touch
 * @param write where to; standard error by default
 */
export function showProgress(
  nodes: readonly Node[],
  isTerminal: boolean = process.stderr.isTTY,
  write: (text: string) => void = (text) => process.stderr.write(text),
): Progress {
  const left = countByStage(nodes)
  const timing = new Map<string, { seconds: number; nodes: number }>()
  const running = new Map<Node, number>()
  const secondsByStage: Record<string, number> = {}
  let settled = 0

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
    const percent = Math.round((100 * settled) / nodes.length)
    const text = `${percent} %  ${settled}/${nodes.length}${timeLeft()}  ${names.join(', ')}`
    write(text.slice(0, (process.stderr.columns ?? 80) - 1))
  }
  const settle = (node: Node) => {
    settled++
    running.delete(node)
    left.set(node.stage, (left.get(node.stage) ?? 1) - 1)
  }

  /** Work left at the pace seen so far; a stage that has not run yet is not known and says so by "more than". */
  const timeLeft = (): string => {
    let seconds = 0
    let unknown = false
    for (const [stage, nodes] of left) {
      if (nodes <= 0) continue
      const seen = timing.get(stage)
      if (seen) seconds += (nodes * seen.seconds) / seen.nodes
      else unknown = true
    }
    if (seconds === 0) return ''
    return `  ${unknown ? 'more than ' : ''}${duration(seconds / Math.max(1, running.size))} left`
  }

  return {
    secondsByStage,
    events: {
      cached: settle,
      started(node, reasons) {
        running.set(node, 0)
        if (!isTerminal) write(`${node.name}: ${reasons.join('; ')}\n`)
        else redraw()
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
        line(`${node.name}: done in ${seconds.toFixed(1)} s (${settled}/${nodes.length})${left}`)
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
    end: clear,
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

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`
}
