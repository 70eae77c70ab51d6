import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { InputError } from '@serflow/core'
import { codeOf, megabytes, writing } from './disk.js'
import { UnreachableError } from './unreachable.js'
import { discard, shown, type Answer, type Connection } from './connection.js'

export interface DownloadOptions {
  readonly connection: Connection
  /** Tries in a row that bring nothing before it gives up. */
  readonly attempts?: number
  /** Tries to reach the server at all, before anything has come. */
  readonly reachAttempts?: number
  /** Wait after the first try that failed; it doubles with each. */
  readonly backOffMs?: number
  readonly onProgress?: (bytes: number) => void
  /** What a user may want to know: that it goes on from where it was, that it tries again. */
  readonly onNote?: (note: string) => void
}

/**
 * Fetches a file of a known size to `part`. What an earlier call left there is gone on with (Range, held to the same
 * file by If-Range and the size); a server that ignores that sends all anew. A cut or stalled connection and a busy
 * server are tried again, after a wait that doubles or that the server asks for.
 *
 * The content is not checked here.
 *
 * @throws UnreachableError where no answer came at all
 * @throws InputError for another size, an answer such as 404, a connection that is cut again and again, a full disk
 */
export async function download(
  url: URL,
  bytes: number,
  part: string,
  options: DownloadOptions,
): Promise<void> {
  const { attempts = 5, reachAttempts = 3, backOffMs = 1000, onNote } = options
  let best = await sizeOf(part)
  const start = best
  let failures = 0
  for (;;) {
    const have = await sizeOf(part)
    if (have === bytes) return
    if (have > bytes) await rm(part, { force: true })
    try {
      return await receive(url, bytes, part, options)
    } catch (error) {
      const reached = await sizeOf(part)
      // A hundredth of the file is progress; a byte a try would go on for ever.
      if (reached >= best + bytes / 100) failures = 0
      best = Math.max(best, reached)
      failures++
      const passing =
        error instanceof TryAgain || (error instanceof UnreachableError && error.passing)
      const begun = best > start
      if (!passing || failures >= (begun || error instanceof TryAgain ? attempts : reachAttempts)) {
        throw begun ? cutShort(error, reached, bytes) : asInputError(error)
      }
      const waitMs = Math.max(backOffMs * 2 ** (failures - 1), retryAfterMs(error))
      if (waitMs > longestWaitMs) throw asInputError(error)
      onNote?.(`${messageOf(error)}; trying again`)
      await sleep(waitMs)
    }
  }
}

const longestWaitMs = 120_000

/** Something that may go better in a moment. */
class TryAgain extends Error {
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs = 0) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

async function receive(
  url: URL,
  bytes: number,
  part: string,
  { connection, onProgress, onNote }: DownloadOptions,
): Promise<void> {
  const have = await sizeOf(part)
  const known = have > 0 ? await readValidator(part, url) : undefined
  // Without anything to hold it to, the size in Content-Range and the sum at the end must do.
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
  if (known?.validator) headers['if-range'] = known.validator
  const answer = await connection.get(url, headers)
  const from = await startOf(answer, have, bytes, part)
  if (from > 0) onNote?.(`going on at ${megabytes(from)} of ${megabytes(bytes)}`)
  checkLength(answer, bytes - from, bytes)

  await writing(part, bytes - from, async () => {
    await writeFile(validatorFile(part), JSON.stringify(validatorOf(answer, url)))
    const file = await open(part, from > 0 ? 'r+' : 'w')
    let at = from
    try {
      for await (const piece of piecesOf(answer, () => messageAt(url, at, bytes))) {
        if (at + piece.length > bytes) {
          discard(answer)
          throw new WrongSize()
        }
        for (let written = 0; written < piece.length;) {
          const { bytesWritten } = await file.write(piece, written, piece.length - written, at)
          written += bytesWritten
          at += bytesWritten
        }
        onProgress?.(at)
      }
    } finally {
      await file.close()
    }
    if (at < bytes) throw new TryAgain(messageAt(url, at, bytes))
  }).catch(async (error: unknown) => {
    if (!(error instanceof WrongSize)) throw error
    await rm(part, { force: true })
    throw new InputError(
      `${shown(url)}: sends more than the ${bytes} bytes expected, so it is another file; name another address with --from`,
    )
  })
}

class WrongSize extends Error {}

/** Pieces of the body; whatever ends it early is worth another try. */
async function* piecesOf(answer: Answer, message: () => string): AsyncGenerator<Buffer> {
  const pieces = answer.body[Symbol.asyncIterator]()
  for (;;) {
    let next: IteratorResult<Buffer>
    try {
      next = await pieces.next()
    } catch (error) {
      const stalled = codeOf(error) === 'UND_ERR_BODY_TIMEOUT'
      throw new TryAgain(stalled ? `${message()} (nothing more came)` : message())
    }
    if (next.done) return
    yield next.value
  }
}

const messageAt = (url: URL, at: number, bytes: number) =>
  `${url.host}: the connection was cut at ${megabytes(at)} of ${megabytes(bytes)}`

/** Where the body goes on: at 0, or where the part ends. */
async function startOf(answer: Answer, have: number, bytes: number, part: string): Promise<number> {
  const { status, url } = answer
  if (status === 200) return 0
  if (status === 206 && have > 0) {
    const [, first, total] =
      /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? []
    if (Number(first) === have && (total === '*' || Number(total) === bytes)) return have
  }
  discard(answer)
  if (status === 206 || status === 416) {
    // The file there is not the one whose part is here.
    await rm(part, { force: true })
    throw new TryAgain(`${url.host}: does not go on with what is here already, so it starts over`)
  }
  const told = `${shown(url)}: answered ${status}`
  if ([408, 425, 429, 500, 502, 503, 504].includes(status)) {
    throw new TryAgain(told, waitAskedFor(answer.header('retry-after')))
  }
  if (barred.includes(status)) {
    throw new UnreachableError(
      `${told}: access is barred, by the server or by a filter on the way`,
      {
        passing: false,
      },
    )
  }
  throw new InputError(
    `${told}, expected 200; ${status === 404 || status === 410 ? 'the file is not there' : 'it does not give the file'}: ` +
      'name another address with --from',
  )
}

/** How filters and gateways say that a network does not let one through. */
const barred: readonly number[] = [403, 407, 451, 511]

function checkLength(answer: Answer, expected: number, bytes: number): void {
  const length = answer.header('content-length')
  const coding = answer.header('content-encoding') ?? 'identity'
  if (coding === 'identity' && (length === undefined || Number(length) === expected)) return
  discard(answer)
  const type = answer.header('content-type')
  throw new InputError(
    `${shown(answer.url)}: offers ${coding === 'identity' ? `${length} bytes` : `the file coded as ${coding}`}${type ? ` (${type})` : ''}, ` +
      `expected ${expected === bytes ? '' : 'the last '}${expected} bytes of a ZIP archive; name another address with --from`,
  )
}

/** Retry-After is seconds or a date. */
function waitAskedFor(header: string | undefined): number {
  if (header === undefined) return 0
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now())
}

interface Validator {
  readonly url: string
  /** A strong entity tag, or a date of change. */
  readonly validator?: string
}

const validatorFile = (part: string) => `${part}.json`

function validatorOf(answer: Answer, url: URL): Validator {
  const tag = answer.header('etag')
  // A weak tag does not promise the same bytes, and If-Range must not have it.
  const validator = tag && !tag.startsWith('W/') ? tag : answer.header('last-modified')
  return validator === undefined ? { url: url.href } : { url: url.href, validator }
}

/** What the part was held to; another address or a file without its note is not held to anything. */
async function readValidator(part: string, url: URL): Promise<Validator | undefined> {
  try {
    const read = JSON.parse(await readFile(validatorFile(part), 'utf8')) as Validator
    return read.url === url.href ? read : undefined
  } catch {
    return undefined
  }
}

/** Removes a part and what is known of it. */
export async function removePart(part: string): Promise<void> {
  await rm(part, { force: true })
  await rm(validatorFile(part), { force: true })
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    return 0
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const retryAfterMs = (error: unknown) => (error instanceof TryAgain ? error.retryAfterMs : 0)

function asInputError(error: unknown): unknown {
  if (!(error instanceof TryAgain)) return error
  const { message, retryAfterMs: asked } = error
  const when = asked > 0 ? `in ${Math.ceil(asked / 60_000)} min, as it asks` : 'later'
  return new InputError(`${message}; try again ${when}, or name another address with --from`)
}

function cutShort(error: unknown, reached: number, bytes: number): unknown {
  if (!(error instanceof TryAgain) && !(error instanceof UnreachableError)) return error
  return new InputError(
    `${messageOf(error)}; ${megabytes(reached)} of ${megabytes(bytes)} are kept, and the same command goes on from there`,
  )
}
