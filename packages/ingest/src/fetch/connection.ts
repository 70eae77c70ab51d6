import type { Readable } from 'node:stream'
import { InputError } from '@serflow/core'
import { request, type Dispatcher } from 'undici'
import { dispatcherThrough } from './dispatcher.js'
import { proxyFor, type Environment } from './proxy.js'
import { UnreachableError } from './unreachable.js'

/** What a server answers: the head is there, the body is still to come. */
export interface Answer {
  readonly status: number
  /** Value of a header by its name in lower case. */
  header(name: string): string | undefined
  readonly body: Readable
  /** Where redirects led. */
  readonly url: URL
}

export interface Connection {
  /**
   * GET, following redirects.
   *
   * @throws UnreachableError where no answer comes; InputError for redirects that lead nowhere or out of HTTPS
   */
  get(url: URL, headers: Readonly<Record<string, string>>): Promise<Answer>
  close(): Promise<void>
}

export interface ConnectionOptions {
  /** How long to wait for the head of an answer: name, connection, TLS and the server's thinking. */
  readonly answerSeconds?: number
  /** How long a body may stand still. */
  readonly stallSeconds?: number
  /** Where proxies are named; by default the environment of the process. */
  readonly environment?: Environment
}

const mostRedirects = 8

/** Opens nothing yet; a proxy named in the environment is used for every request. */
export function openConnection(options: ConnectionOptions = {}): Connection {
  const { answerSeconds = 10, stallSeconds = 30, environment = process.env } = options
  const dispatchers = new Map<string, Dispatcher>()

  const dispatcherFor = (url: URL): Dispatcher => {
    const proxy = findProxy(url, environment)
    const name = proxy?.href ?? ''
    const known = dispatchers.get(name)
    if (known) return known
    const made = dispatcherThrough(proxy, answerSeconds)
    dispatchers.set(name, made)
    return made
  }

  const ask = async (url: URL, headers: Readonly<Record<string, string>>): Promise<Answer> => {
    try {
      const asked = request(url, {
        dispatcher: dispatcherFor(url),
        headers: { 'user-agent': 'serflow', 'accept-encoding': 'identity', ...headers },
        headersTimeout: 0,
        bodyTimeout: stallSeconds * 1000,
      })
      const { statusCode, headers: found, body } = await inTime(asked, answerSeconds)
      const header = (name: string) => {
        const value = found[name]
        return typeof value === 'string' ? value : value?.[0]
      }
      return { status: statusCode, header, body, url }
    } catch (error) {
      // A proxy that never opens its tunnel is let go of only so.
      if (error instanceof NoAnswer) await close()
      throw unreachable(error, url, answerSeconds, findProxy(url, environment))
    }
  }

  const close = async () => {
    const open = [...dispatchers.values()]
    dispatchers.clear()
    await Promise.all(open.map((dispatcher) => dispatcher.destroy()))
  }

  return {
    async get(start, headers) {
      let url = start
      for (let hops = 0; hops <= mostRedirects; hops++) {
        checkUrl(url)
        const answer = await ask(url, headers)
        if (![301, 302, 303, 307, 308].includes(answer.status)) return answer
        discard(answer)
        url = redirectOf(answer.url, answer.status, answer.header('location'))
      }
      throw new InputError(
        `${start.host}: more than ${mostRedirects} redirects, the last to ${shown(url)}; name another address with --from`,
      )
    },
    close,
  }
}

/** @throws NoAnswer where it takes longer; what comes later is for nobody */
async function inTime<T>(answer: Promise<T>, seconds: number): Promise<T> {
  answer.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), seconds * 1000)
  })
  try {
    return await Promise.race([answer, patience])
  } finally {
    clearTimeout(timer)
  }
}

class NoAnswer extends Error {}

/** Reads no more of an answer. */
export function discard({ body }: Answer): void {
  // What is left of it fails, and nobody waits for it.
  body.on('error', () => undefined)
  body.destroy()
}

/** A URL for messages: without a password, and without a query, which may hold a token. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

function checkUrl(url: URL): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new InputError(`${shown(url)}: expected an address that begins with https:// or http://`)
  }
  if (url.username || url.password) {
    throw new InputError(
      `${shown(url)}: a name and a password in an address are not supported; fetch the file yourself and name it with --from FILE`,
    )
  }
}

/**
 * Where a redirect leads.
 *
 * @throws InputError for a redirect to nowhere, or out of HTTPS
 */
export function redirectOf(url: URL, status: number, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, url.href)) {
    throw new InputError(
      `${shown(url)}: answered ${status}, a redirect to ${location === undefined ? 'nowhere' : `"${location}", which is no address`}; name another address with --from`,
    )
  }
  const next = new URL(location, url)
  if (url.protocol === 'https:' && next.protocol !== 'https:') {
    throw new InputError(
      `${shown(url)}: redirects from HTTPS to ${shown(next)}, where anybody on the way could change the file; name another address with --from`,
    )
  }
  return next
}

function findProxy(url: URL, environment: Environment): URL | undefined {
  try {
    return proxyFor(url, environment)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UnreachableError(`${url.host} cannot be reached: ${error.message}`, {
      passing: false,
    })
  }
}

/** Anything with a code comes from the network; anything else is a defect and stays as it is. */
function unreachable(
  error: unknown,
  url: URL,
  answerSeconds: number,
  proxy: URL | undefined,
): unknown {
  if (error instanceof UnreachableError) return error
  const via = proxy ? ` through the proxy ${proxy.host}` : ''
  const because = (reason: string, passing: boolean) =>
    new UnreachableError(`${url.host} cannot be reached${via}: ${reason}`, { passing })
  if (error instanceof NoAnswer) return because(`no answer within ${answerSeconds} s`, true)
  const [code, message] = codeOf(error) ?? []
  if (code === undefined) return error
  const [, refusal] = /Proxy response \((\d+)\)/.exec(message ?? '') ?? []
  if (refusal) return because(`the proxy refuses (status ${refusal})`, false)
  if (/Proxy Authentication/.test(message ?? '')) {
    return because('the proxy wants a name and a password (status 407)', false)
  }
  const [reason, passing] = reasons[code] ?? otherReason(code, message)
  if (reason === certificate) {
    return because(
      `${reason} (${code}); a network that reads along needs NODE_EXTRA_CA_CERTS`,
      false,
    )
  }
  return because(`${reason} (${code})`, passing)
}

function otherReason(code: string, message = ''): readonly [reason: string, passing: boolean] {
  if (code.startsWith('ERR_SSL_')) return ['it does not speak TLS, or another kind of it', false]
  const [firstLine = ''] = message.split('\n')
  return [firstLine, true]
}

const certificate = 'its certificate is not trusted'

const reasons: Readonly<Record<string, readonly [reason: string, passing: boolean]>> = {
  ENOTFOUND: ['its name is not known; is there a network?', false],
  EAI_AGAIN: ['names cannot be looked up', true],
  ECONNREFUSED: ['the connection is refused', true],
  ENETUNREACH: ['there is no way to that network', false],
  EHOSTUNREACH: ['there is no way to that machine', false],
  EADDRNOTAVAIL: ['there is no way to that network', false],
  ECONNRESET: ['the connection was cut', true],
  EPIPE: ['the connection was cut', true],
  UND_ERR_SOCKET: ['the connection was cut', true],
  ETIMEDOUT: ['connecting took too long', true],
  UND_ERR_CONNECT_TIMEOUT: ['connecting took too long', true],
  CERT_HAS_EXPIRED: [certificate, false],
  DEPTH_ZERO_SELF_SIGNED_CERT: [certificate, false],
  SELF_SIGNED_CERT_IN_CHAIN: [certificate, false],
  UNABLE_TO_GET_ISSUER_CERT: [certificate, false],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [certificate, false],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [certificate, false],
  ERR_TLS_CERT_ALTNAME_INVALID: [certificate, false],
}

/** Code and message of an error, its cause, or the first of several tries at several addresses. */
function codeOf(error: unknown): readonly [string, string] | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return [error.code, error.message]
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}
