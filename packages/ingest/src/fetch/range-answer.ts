import { InputError } from '@serflow/core'
import { shown, type Answer } from './connection.js'
import { UnreachableError } from './unreachable.js'

/** Something that may go better in a moment. */
export class TryAgain extends Error {
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs = 0) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** The file there is not the one whose beginning is here. */
export class StartOver extends TryAgain {}

/** What an answer brings of a file: the bytes from `from` up to, without, `end`. */
export interface ByteRange {
  readonly from: number
  readonly end: number
}

/**
 * Which bytes of a file of `bytes` an answer brings, where the first `have` are here: all, or what comes after them.
 * A server may bring less of it at a time than was asked for.
 *
 * @throws StartOver, TryAgain for what may go better in another request
 * @throws UnreachableError where access is barred; InputError for any other answer, and for another size
 */
export function rangeOf(answer: Answer, have: number, bytes: number): ByteRange {
  const { status, url } = answer
  const range = status === 200 ? { from: 0, end: bytes } : rangeAfter(answer, have, bytes)
  if (range) {
    checkLength(answer, range, bytes)
    return range
  }
  if (have > 0 && (status === 206 || status === 416)) {
    throw new StartOver(`${url.host}: does not go on with what is here already, so it starts over`)
  }
  const told = `${shown(url)}: answered ${status}`
  if ([408, 425, 429, 500, 502, 503, 504].includes(status)) {
    throw new TryAgain(told, waitAskedFor(answer.header('retry-after')))
  }
  if (barred.includes(status)) {
    throw new UnreachableError(
      `${told}: access is barred, by the server or by a filter on the way`,
      { passing: false },
    )
  }
  throw new InputError(
    `${told}, expected 200; ${status === 404 || status === 410 ? 'the file is not there' : 'it does not give the file'}: ` +
      'name another address with --from',
  )
}

/** How filters and gateways say that a network does not let one through. */
const barred: readonly number[] = [403, 407, 451, 511]

/** What goes on where the part ends, of a file of the right size. */
function rangeAfter(answer: Answer, have: number, bytes: number): ByteRange | undefined {
  if (answer.status !== 206 || have === 0) return undefined
  const [, first, last, total] =
    /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(answer.header('content-range') ?? '') ?? []
  const end = Number(last) + 1
  if (Number(first) !== have || end <= have || end > bytes) return undefined
  return total === '*' || Number(total) === bytes ? { from: have, end } : undefined
}

function checkLength(answer: Answer, { from, end }: ByteRange, bytes: number): void {
  const length = answer.header('content-length')
  const coding = answer.header('content-encoding') ?? 'identity'
  if (coding === 'identity' && (length === undefined || Number(length) === end - from)) return
  const type = answer.header('content-type')
  const which = from === 0 ? '' : end === bytes ? 'the last ' : 'the next '
  throw new InputError(
    `${shown(answer.url)}: offers ${coding === 'identity' ? `${length} bytes` : `the file coded as ${coding}`}${type ? ` (${type})` : ''}, ` +
      `expected ${which}${end - from} bytes of a ZIP archive; name another address with --from`,
  )
}

/** Retry-After is seconds or a date. */
function waitAskedFor(header: string | undefined): number {
  if (header === undefined) return 0
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now())
}
