import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import {
  connect,
  createServer as createSocketServer,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net'
import { afterEach } from 'vitest'

const running = new Set<Server>()
const tunnelling = new Set<Socket>()
const proxies = new Set<SocketServer>()

afterEach(async () => {
  for (const socket of tunnelling) socket.destroy()
  tunnelling.clear()
  for (const server of proxies) await new Promise((resolve) => server.close(resolve))
  proxies.clear()
  for (const server of running) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  running.clear()
})

export interface LocalServer {
  readonly url: URL
  /** What was asked for: path and Range. */
  readonly asked: readonly string[]
  /** Requests for a tunnel that it had as a proxy. */
  readonly tunnels: readonly string[]
}

/** An HTTP server on this machine that ends with the test. */
export async function serve(
  listener: RequestListener,
  onTunnel?: (request: IncomingMessage, socket: Socket) => void,
): Promise<LocalServer> {
  const asked: string[] = []
  const tunnels: string[] = []
  const server = createServer((request, response) => {
    const { range } = request.headers
    asked.push(range === undefined ? request.url! : `${request.url} ${range}`)
    listener(request, response)
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    tunnels.push(request.url!)
    tunnelling.add(socket)
    socket.on('error', () => undefined)
    onTunnel?.(request, socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  running.add(server)
  const { port } = server.address() as AddressInfo
  return { url: new URL(`http://127.0.0.1:${port}/archive.zip`), asked, tunnels }
}

/** How a server of one file behaves. */
export interface Behaviour {
  readonly etag?: string
  readonly lastModified?: string
  /** Takes no notice of Range. */
  readonly ranges?: boolean
  /** Bytes after which an answer is cut, by number of the answer. */
  readonly cutAfter?: (answer: number) => number | undefined
  /** Bytes that the client has: a cut throws away what is still on its way. */
  readonly seen?: () => number
  /** Without Content-Length. */
  readonly chunked?: boolean
}

/** Serves a file as a good server does: Range, If-Range, 416. */
export function fileServer(bytes: () => Buffer, behaviour: Behaviour = {}): RequestListener {
  const { etag, lastModified, ranges = true, cutAfter, seen, chunked = false } = behaviour
  let answers = 0
  return (request, response) => {
    const file = bytes()
    const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
    const held = request.headers['if-range']
    const goOn =
      ranges && first !== undefined && (held === undefined || held === (etag ?? lastModified))
    const from = goOn ? Number(first) : 0
    if (etag) response.setHeader('etag', etag)
    if (lastModified) response.setHeader('last-modified', lastModified)
    if (goOn && from >= file.length) {
      response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
      return
    }
    if (!chunked) response.setHeader('content-length', file.length - from)
    if (goOn) {
      response.setHeader('content-range', `bytes ${from}-${file.length - 1}/${file.length}`)
    }
    response.writeHead(goOn ? 206 : 200)
    const most = cutAfter?.(answers++)
    if (most === undefined) {
      response.end(file.subarray(from))
      return
    }
    response.write(file.subarray(from, from + most))
    const wait = setInterval(() => {
      if (seen && seen() < from + most) return
      clearInterval(wait)
      response.destroy()
    }, 20)
    response.once('close', () => clearInterval(wait))
  }
}

/** Ties a tunnel of a proxy to its target. */
export function tunnel(request: IncomingMessage, socket: Socket): void {
  const [host, port] = request.url!.split(':')
  const target = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    target.pipe(socket).pipe(target)
  })
  target.on('error', () => socket.destroy())
}

/** A SOCKS5 proxy that wants an account, and leads to a port of this machine whatever it is asked for. */
export async function serveSocks(target: number): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = []
  const server = createSocketServer((socket) => {
    tunnelling.add(socket)
    socket.on('error', () => undefined)
    void leadTo(target, socket, asked)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxies.add(server)
  return { port: (server.address() as AddressInfo).port, asked }
}

/** @see RFC 1928 and RFC 1929 */
async function leadTo(target: number, socket: Socket, asked: string[]): Promise<void> {
  const next = () => new Promise<Buffer>((resolve) => socket.once('data', resolve))
  const text = (bytes: Buffer, at: number) => bytes.toString('utf8', at + 1, at + 1 + bytes[at]!)
  await next()
  socket.write(Buffer.from([5, 2]))
  const account = await next()
  asked.push(`${text(account, 1)}:${text(account, 2 + account[1]!)}`)
  socket.write(Buffer.from([1, 0]))
  asked.push(text(await next(), 4))
  const server = connect(target, '127.0.0.1', () => {
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]))
    server.pipe(socket).pipe(server)
  })
  tunnelling.add(server)
  server.on('error', () => socket.destroy())
}
