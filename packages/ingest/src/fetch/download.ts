import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { InputError } from '@serflow/core'
import { codeOf, megabytes, writing } from './disk.js'
import { UnreachableError } from './unreachable.js'
import { discard, shown, type Answer, type Connection } from './connection.js'
import { rangeOf, StartOver, TryAgain, type ByteRange } from './range-answer.js'

export interface DownloadOptions {
  readonly connection: Connection
  /** Tries in a row that bring nothing before it gives up. */
  readonly attempts?: number
  /** Tries to reach the server at all, before anything has come. */
  readonly reachAttempts?: number
  /** Wait after the first try that failed; it doubles with each. */
  readonly backOffMs?: number
  /** How the file begins; what begins otherwise is refused at once. */
  readonly signature?: Buffer
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
  const { onNote: _, ...quietly } = options
  let failures = 0
  let sliced = false
  for (;;) {
    const have = await sizeOf(part)
    if (have === bytes) return
    if (have > bytes) await rm(part, { force: true })
    try {
      await receive(url, bytes, part, sliced ? quietly : options)
      sliced = true
    } catch (error) {
      sliced = false
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
      const when = waitMs < 3000 ? '' : ` in ${Math.round(waitMs / 1000)} s`
      onNote?.(`${messageOf(error)}; trying again${when}`)
      await sleep(waitMs)
    }
  }
}

const longestWaitMs = 120_000

/** Asks for what is missing, and writes what comes: all of that, or as much as the server brings at a time. */
async function receive(
  url: URL,
  bytes: number,
  part: string,
  options: DownloadOptions,
): Promise<void> {
  const { connection, onNote } = options
  const have = await sizeOf(part)
  const known = have > 0 ? await readValidator(part, url) : undefined
  // Without anything to hold it to, the size in Content-Range and the sum at the end must do.
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
  if (known?.validator) headers['if-range'] = known.validator
  const answer = await connection.get(url, headers)
  try {
    const range = rangeOf(answer, have, bytes)
    if (range.from > 0) onNote?.(`going on at ${megabytes(range.from)} of ${megabytes(bytes)}`)
    else if (have > 0) onNote?.(`${url.host}: sends all of it anew, so it starts over`)
    await writing(part, bytes - range.from, async () => {
      await writeFile(validatorFile(part), JSON.stringify(validatorOf(answer, url)))
      await writeBody(answer, range, part, bytes, options)
    })
  } catch (error) {
    discard(answer)
    if (error instanceof StartOver || error instanceof OtherFile) await removePart(part)
    throw error instanceof OtherFile ? new InputError(error.message) : error
  }
}

/** What comes is not the file that is meant. */
class OtherFile extends Error {}

/** @throws OtherFile for another beginning and for more than was promised; TryAgain where the body ends early */
async function writeBody(
  answer: Answer,
  { from, end }: ByteRange,
  part: string,
  bytes: number,
  { signature = Buffer.alloc(0), onProgress }: DownloadOptions,
): Promise<void> {
  const { url } = answer
  const file = await open(part, from > 0 ? 'r+' : 'w')
  let at = from
  try {
    for await (const piece of piecesOf(answer, () => cutAt(url, at, bytes))) {
      const expected = signature.subarray(at, at + piece.length)
      if (!expected.equals(piece.subarray(0, expected.length))) throw noArchive(answer, piece)
      if (at + piece.length > end) {
        throw new OtherFile(
          `${shown(url)}: sends more than the ${end} bytes expected, so it is another file; name another address with --from`,
        )
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
  if (at < end) {
    throw new TryAgain(`${url.host}: the answer ends at ${megabytes(at)} of ${megabytes(bytes)}`)
  }
}

/** A page in place of the file, as networks with a log-in and servers under repair send it. */
function noArchive({ url, header }: Answer, piece: Buffer): OtherFile {
  const type = header('content-type')
  const beginning = JSON.stringify(piece.subarray(0, 30).toString('latin1'))
  return new OtherFile(
    `${shown(url)}: sends something else than a ZIP archive (${type ? `${type}, ` : ''}beginning with ${beginning}); ` +
      'open the address in a browser to see what it is, or name another address with --from',
  )
}

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

const cutAt = (url: URL, at: number, bytes: number) =>
  `${url.host}: the connection was cut at ${megabytes(at)} of ${megabytes(bytes)}`

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
  // What a header may not hold cannot be asked with.
  const sendable = validator !== undefined && /^[\x20-\x7e]+$/.test(validator)
  return !sendable ? { url: url.href } : { url: url.href, validator }
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
  const seconds = Math.ceil(asked / 1000)
  const wait = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  const when = asked > 0 && asked < 86_400_000 ? `in ${wait}, as it asks` : 'later'
  return new InputError(`${message}; try again ${when}, or name another address with --from`)
}

function cutShort(error: unknown, reached: number, bytes: number): unknown {
  if (!(error instanceof TryAgain) && !(error instanceof UnreachableError)) return error
  return new InputError(
    `${messageOf(error)}; ${megabytes(reached)} of ${megabytes(bytes)} are kept, and the same command goes on from there`,
  )
}
