import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openConnection, redirectOf, type ConnectionOptions } from './connection.js'
import { download, type DownloadOptions } from './download.js'
import { fileServer, serve, serveSocks, tunnel } from './server.fixture.js'
import { UnreachableError } from './unreachable.js'

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) >> 3))

let root: string
let part: string
let notes: string[]
let reached: number

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'serflow-download-'))
  part = join(root, 'archive.zip.part')
  notes = []
  reached = 0
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function get(
  url: URL,
  options: ConnectionOptions & Partial<DownloadOptions> = {},
): Promise<void> {
  const connection = openConnection({ environment: {}, ...options })
  try {
    await download(url, content.length, part, {
      backOffMs: 1,
      onNote: (note) => notes.push(note),
      onProgress: (bytes) => (reached = bytes),
      ...options,
      connection,
    })
  } finally {
    await connection.close()
  }
}

async function faultOf(
  url: URL,
  options: ConnectionOptions & Partial<DownloadOptions> = {},
): Promise<InputError> {
  const fault = await get(url, options).then(
    () => 'no fault',
    (error: unknown) => error,
  )
  if (!(fault instanceof InputError)) throw fault
  return fault
}

const seen = () => reached
const arrived = async () => expect((await readFile(part)).equals(content)).toBe(true)
const status = (code: number, headers: Record<string, string> = {}): RequestListener => {
  return (_request, response) => response.writeHead(code, headers).end('no')
}

describe('a file that comes', () => {
  test('arrives byte for byte, with its size as progress', async () => {
    const { url, asked } = await serve(fileServer(() => content))
    const seen: number[] = []
    await get(url, { onProgress: (bytes) => seen.push(bytes) })
    await arrived()
    expect(asked).toEqual(['/archive.zip'])
    expect(seen.at(-1)).toBe(content.length)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(notes).toEqual([])
  })

  test('is not asked for again where all of it is there', async () => {
    const { url, asked } = await serve(fileServer(() => content))
    await get(url)
    await get(url)
    await arrived()
    expect(asked).toHaveLength(1)
  })

  test('may come without a length', async () => {
    const { url } = await serve(fileServer(() => content, { chunked: true }))
    await get(url)
    await arrived()
  })

  test.each([
    ['a strong tag', { etag: '"abc"' }],
    ['a date', { lastModified: 'Wed, 21 Oct 2015 07:28:00 GMT' }],
    ['nothing', {}],
  ])('goes on after a cut, held to %s', async (_what, held) => {
    const cutAfter = (answer: number) => (answer < 2 ? 100_000 : undefined)
    const { url, asked } = await serve(fileServer(() => content, { seen, ...held, cutAfter }))
    await get(url)
    await arrived()
    expect(asked).toEqual([
      '/archive.zip',
      '/archive.zip bytes=100000-',
      '/archive.zip bytes=200000-',
    ])
    expect(notes).toContain(`${url.host}: the connection was cut at 0.1 MB of 0.3 MB; trying again`)
    expect(notes).toContain('going on at 0.2 MB of 0.3 MB')
  })

  test('goes on in another call', async () => {
    const { url } = await serve(
      fileServer(() => content, { seen, cutAfter: () => 70_000, etag: '"1"' }),
    )
    const fault = await faultOf(url, { attempts: 1 })
    expect(fault.message).toMatch(
      /0.1 MB of 0.3 MB are kept, and the same command goes on from there/,
    )
    const again = await serve(fileServer(() => content, { etag: '"1"' }))
    await get(again.url)
    await arrived()
    expect(again.asked[0]).toMatch(/bytes=\d+-$/)
  })

  test('starts over where the server takes no notice of Range, and says so', async () => {
    const cutAfter = (answer: number) => (answer === 0 ? 100_000 : undefined)
    const { url } = await serve(fileServer(() => content, { seen, ranges: false, cutAfter }))
    await get(url)
    await arrived()
    expect(notes).toContain(`${url.host}: sends all of it anew, so it starts over`)
  })

  test('is asked for again where a server brings a slice at a time', async () => {
    await writeFile(part, content.subarray(0, 1000))
    const { url, asked } = await serve((request, response) => {
      const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range!)!
      const slice = content.subarray(Number(first), Number(first) + 100_000)
      const last = Number(first) + slice.length - 1
      response.setHeader('content-range', `bytes ${first}-${last}/${content.length}`)
      response.writeHead(206, { 'content-length': slice.length }).end(slice)
    })
    await get(url, { attempts: 1 })
    await arrived()
    expect(asked).toHaveLength(3)
    expect(notes).toEqual(['going on at 0.0 MB of 0.3 MB'])
  })

  test.each(['"\u00fc"', 'W/"weak"'])('is not held to the tag %s', async (etag) => {
    const cutAfter = (answer: number) => (answer === 0 ? 100_000 : undefined)
    const held: unknown[] = []
    const { url } = await serve((request, response) => {
      held.push(request.headers['if-range'])
      fileServer(() => content, { seen, cutAfter: () => cutAfter(held.length - 1), etag })(
        request,
        response,
      )
    })
    await get(url)
    await arrived()
    expect(held).toEqual([undefined, undefined])
  })

  test('starts over where the file has changed since, by its tag', async () => {
    let now = Buffer.alloc(content.length, 1)
    let etag = '"old"'
    const { url } = await serve((request, response) => {
      const cutAfter = () => (etag === '"old"' ? 100_000 : undefined)
      fileServer(() => now, { seen, etag, cutAfter })(request, response)
    })
    await faultOf(url, { attempts: 1 })
    now = content
    etag = '"new"'
    await get(url)
    await arrived()
  })

  test('starts over after a range of another file, and after 416', async () => {
    await writeFile(part, Buffer.alloc(1000))
    let answers = 0
    const { url } = await serve((request, response) => {
      answers++
      if (answers === 1) response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('12345')
      else fileServer(() => content)(request, response)
    })
    await get(url)
    await arrived()
    await truncate(part, 1000)
    const short = await serve((request, response) => {
      if (request.headers.range) response.writeHead(416).end()
      else fileServer(() => content)(request, response)
    })
    await get(short.url)
    await arrived()
  })

  test('a part that is longer than the file is thrown away', async () => {
    await writeFile(part, Buffer.alloc(content.length + 1))
    const { url, asked } = await serve(fileServer(() => content))
    await get(url)
    await arrived()
    expect(asked).toEqual(['/archive.zip'])
  })

  test('a stalled answer is cut and gone on with', async () => {
    let answers = 0
    const { url } = await serve((request, response) => {
      if (answers++ === 0) {
        response.writeHead(200, { 'content-length': content.length })
        response.write(content.subarray(0, 50_000))
      } else fileServer(() => content)(request, response)
    })
    await get(url, { stallSeconds: 0.3 })
    await arrived()
    expect(notes[0]).toMatch(/was cut at 0.1 MB of 0.3 MB \(nothing more came\); trying again/)
  })

  test('a busy server is asked again, when it says', async () => {
    let answers = 0
    const { url, asked } = await serve((request, response) => {
      if (answers === 0) response.writeHead(503, { 'retry-after': new Date().toUTCString() }).end()
      else if (answers === 1) response.writeHead(429, { 'retry-after': '0' }).end()
      else fileServer(() => content)(request, response)
      answers++
    })
    await get(url)
    await arrived()
    expect(asked).toHaveLength(3)
    expect(notes[1]).toBe(`${url.href}: answered 429; trying again`)
  })
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%s is followed, relative or not', async (code) => {
    const { url, asked } = await serve((request, response) => {
      if (request.url === '/archive.zip') response.writeHead(code, { location: 'b/c?x=1' }).end()
      else fileServer(() => content)(request, response)
    })
    await get(url)
    await arrived()
    expect(asked).toEqual(['/archive.zip', '/b/c?x=1'])
  })

  test.each([
    ['/archive.zip', 'more than 8 redirects'],
    ['ftp://elsewhere/x', 'expected an address that begins with https:// or http://'],
    ['http://[', 'which is no address'],
    [undefined, 'a redirect to nowhere'],
  ])('to %s end in an error', async (location, expected) => {
    const { url } = await serve(status(302, location === undefined ? {} : { location }))
    expect((await faultOf(url)).message).toContain(expected)
  })

  test('out of HTTPS are refused, into it are not', () => {
    const secure = new URL('https://zenodo.org/a')
    expect(() => redirectOf(secure, 302, 'http://zenodo.org/b?token=1')).toThrow(
      'https://zenodo.org/a: redirects from HTTPS to http://zenodo.org/b, where anybody on the way',
    )
    expect(redirectOf(secure, 302, '//files.org/b').href).toBe('https://files.org/b')
    expect(redirectOf(new URL('http://zenodo.org/a'), 301, 'https://zenodo.org/').protocol).toBe(
      'https:',
    )
  })
})

describe('what cannot be had', () => {
  test.each([
    [404, 'answered 404, expected 200; the file is not there'],
    [410, 'the file is not there'],
    [400, 'answered 400, expected 200; it does not give the file'],
    [204, 'it does not give the file'],
  ])('status %s is an error at once', async (code, expected) => {
    const { url, asked } = await serve(status(code))
    const fault = await faultOf(url)
    expect(fault.message).toContain(expected)
    expect(fault).not.toBeInstanceOf(UnreachableError)
    expect(asked).toHaveLength(1)
    expect(await readdir(root)).toEqual([])
  })

  test.each([403, 451, 511])('status %s is a barred way', async (code) => {
    const { url } = await serve(status(code))
    const fault = await faultOf(url)
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toContain(`answered ${code}: access is barred`)
  })

  test.each([500, 502, 503, 504, 429, 408])(
    'status %s is given up after some tries',
    async (code) => {
      const { url, asked } = await serve(status(code))
      const fault = await faultOf(url, { attempts: 3 })
      expect(fault.message).toContain(`answered ${code}; try again later`)
      expect(fault).not.toBeInstanceOf(UnreachableError)
      expect(asked).toHaveLength(3)
    },
  )

  test('a server that asks for a long wait is not waited for', async () => {
    const { url, asked } = await serve(status(429, { 'retry-after': '3600' }))
    expect((await faultOf(url)).message).toContain('try again in 60 min, as it asks')
    expect(asked).toHaveLength(1)
    const never = await serve(status(503, { 'retry-after': 'Fri, 31 Dec 2999 23:59:59 GMT' }))
    expect((await faultOf(never.url)).message).toContain('try again later')
  })

  test('a short wait that is asked for is told in seconds', async () => {
    const { url } = await serve(status(503, { 'retry-after': '1' }))
    expect((await faultOf(url, { attempts: 1 })).message).toContain(
      'answered 503; try again in 1 s, as it asks',
    )
  })

  test('another size is an error before and while it comes', async () => {
    const page = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': 6 }).end('<html>'),
    )
    expect((await faultOf(page.url)).message).toContain(
      'offers 6 bytes (text/html), expected 300000 bytes of a ZIP archive',
    )
    const longer = await serve(
      fileServer(() => Buffer.concat([content, Buffer.from('x')]), { chunked: true }),
    )
    expect((await faultOf(longer.url)).message).toContain(
      'sends more than the 300000 bytes expected',
    )
    expect(await readdir(root)).not.toContain('archive.zip.part')
  })

  test('a shorter file without a length is asked for again, and given up', async () => {
    const { url } = await serve(fileServer(() => content.subarray(0, 1000), { chunked: true }))
    expect((await faultOf(url, { attempts: 3 })).message).toMatch(/ends at|does not go on/)
  })

  test.each([
    [{ 'content-type': 'text/html' }, 'PK', /archive \(text\/html, beginning with "<!DO/],
    [{}, 'PK', /archive \(beginning with "<!DO/],
    // What decides comes in a later piece.
    [{}, '<!DOM', /archive \(beginning with "(<!DO)?C"/],
  ])('a page in its place without a length, %j, is told at once', async (head, start, expected) => {
    const { url, asked } = await serve((_request, response) => {
      response.writeHead(200, head)
      response.write('<!DO')
      setTimeout(() => response.end('C'), 50)
    })
    const { message } = await faultOf(url, { signature: Buffer.from(start) })
    expect(message).toMatch(expected)
    expect(asked).toHaveLength(1)
    expect(await readdir(root)).toEqual([])
  })

  test('part of a file that was asked for as a whole is refused', async () => {
    const range = { 'content-range': 'bytes 0-1/300000', 'content-length': '2' }
    const { url, asked } = await serve((_request, response) => response.writeHead(206, range).end())
    expect((await faultOf(url)).message).toContain('answered 206, expected 200')
    expect(asked).toHaveLength(1)
  })

  test('a part that cannot be written to is named', async () => {
    await mkdir(part)
    const { url } = await serve(fileServer(() => content))
    expect((await faultOf(url)).message).toContain(`${part}: cannot be written (EISDIR)`)
  })

  test('a coded answer is an error', async () => {
    const { url } = await serve(status(200, { 'content-encoding': 'gzip' }))
    expect((await faultOf(url)).message).toContain('offers the file coded as gzip')
  })

  test('an answer that is cut each time at the same byte is given up', async () => {
    const cutAfter = () => 1000
    const { url, asked } = await serve(fileServer(() => content, { seen, ranges: false, cutAfter }))
    expect((await faultOf(url, { attempts: 4 })).message).toContain('the same command goes on')
    expect(asked).toHaveLength(4)
  })

  test('a full disk is an error that says how much is needed', async () => {
    await symlink('/dev/full', part)
    const { url } = await serve(fileServer(() => content))
    expect((await faultOf(url)).message).toMatch(
      /too little room: 0.3 MB more are needed, .* are free/,
    )
  })

  test('an address with a password is refused without showing it', async () => {
    const { url } = await serve(fileServer(() => content))
    url.username = 'me'
    url.password = 'secret'
    const { message } = await faultOf(url)
    expect(message).toContain('a name and a password in an address are not supported')
    expect(message).not.toContain('secret')
  })
})

describe('a server that cannot be reached', () => {
  test('a refused connection', async () => {
    const { url } = await serve(status(200))
    url.port = '1'
    const fault = await faultOf(url)
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toContain(
      '127.0.0.1:1 cannot be reached: the connection is refused (ECONNREFUSED)',
    )
  })

  test('a name that nobody knows', async () => {
    const fault = await faultOf(new URL('http://nobody.invalid/x'), { reachAttempts: 1 })
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toMatch(/^nobody.invalid cannot be reached: /)
  })

  test('a server that never answers', async () => {
    const { url } = await serve(() => undefined)
    const fault = await faultOf(url, { answerSeconds: 0.2, reachAttempts: 1 })
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toContain('no answer within 0.2 s')
  })

  test('a server that hangs up at once', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const fault = await faultOf(new URL(`http://127.0.0.1:${port}/`))
    server.close()
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toContain('the connection was cut')
  })

  test('one that is there but does not speak TLS', async () => {
    const { url } = await serve(status(200))
    const fault = await faultOf(new URL(`https://${url.host}/`), { reachAttempts: 1 })
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toMatch(/it does not speak TLS, or another kind of it \(ERR_SSL_\w+\)$/)
  })

  test('once part of the file has come, a connection that is lost is an error of its own kind', async () => {
    const { url } = await serve(fileServer(() => content, { seen, cutAfter: () => 100_000 }))
    const gone = new URL(url)
    await faultOf(url, { attempts: 1 })
    gone.port = '1'
    expect(await faultOf(gone)).toBeInstanceOf(UnreachableError)
  })
})

describe('proxies', () => {
  test('plain HTTP is asked of the proxy, unless NO_PROXY names the host', async () => {
    const proxy = await serve((request, response) => {
      if (request.url === 'http://archive.invalid/a.zip')
        fileServer(() => content)(request, response)
      else response.writeHead(500).end()
    })
    const environment = { HTTP_PROXY: proxy.url.origin }
    await get(new URL('http://archive.invalid/a.zip'), { environment })
    await arrived()
    await rm(part)
    const direct = await serve(fileServer(() => content))
    await get(direct.url, { environment: { ...environment, NO_PROXY: '127.0.0.1' } })
    await arrived()
    expect(proxy.asked).toEqual(['http://archive.invalid/a.zip'])
  })

  test.each([
    ['me:secret', 'me:secret'],
    ['me:p%40ss', 'me:p@ss'],
    ['me:100%', 'me:100%'],
    ['me:%zz%ff', 'me:%zz%ff'],
    ['token', 'token:'],
  ])('the account %s is given to it as %s', async (written, account) => {
    const given: unknown[] = []
    const proxy = await serve((request, response) => {
      given.push(request.headers['proxy-authorization'])
      fileServer(() => content)(request, response)
    })
    const environment = { http_proxy: `http://${written}@${proxy.url.host}/path?query` }
    await get(new URL('http://archive.invalid/a.zip'), { environment })
    await arrived()
    expect(given).toEqual([`Basic ${Buffer.from(account).toString('base64')}`])
  })

  test.each(['socks5', 'socks5h', 'socks'])('a %s proxy looks up the name', async (scheme) => {
    const target = await serve(fileServer(() => content))
    const socks = await serveSocks(Number(target.url.port))
    const environment = { all_proxy: `${scheme}://me:p%40ss@127.0.0.1:${socks.port}` }
    await get(new URL('http://archive.invalid/a.zip'), { environment })
    await arrived()
    expect(socks.asked).toEqual(['me:p@ss', 'archive.invalid'])
  })

  test('HTTPS goes through a tunnel', async () => {
    const target = await serve(status(200))
    const proxy = await serve(status(500), tunnel)
    const environment = { https_proxy: proxy.url.host }
    const url = new URL(`https://127.0.0.1:${target.url.port}/a.zip`)
    // The target speaks no TLS, so it ends there; it was reached, and nobody else was.
    await faultOf(url, { environment, reachAttempts: 1 })
    expect(proxy.tunnels).toEqual([`127.0.0.1:${target.url.port}`])
  })

  test.each([
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'the proxy refuses (status 403)'],
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', '407'],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', 'the proxy refuses (status 502)'],
  ])('one that answers %j to a tunnel', async (answer, expected) => {
    const proxy = await serve(status(500), (_request, socket) => socket.end(answer))
    const environment = { HTTPS_PROXY: proxy.url.origin }
    const fault = await faultOf(new URL('https://archive.invalid/a.zip'), { environment })
    expect(fault).toBeInstanceOf(UnreachableError)
    expect(fault.message).toContain(
      `archive.invalid cannot be reached through the proxy ${proxy.url.host}`,
    )
    expect(fault.message).toContain(expected)
    expect(proxy.tunnels).toHaveLength(1)
  })

  test('one that never opens the tunnel, one that is not there, one that is no address', async () => {
    const silent = await serve(status(500), () => undefined)
    const to = (proxy: string) =>
      faultOf(new URL('https://archive.invalid/a.zip'), {
        environment: { HTTPS_PROXY: proxy },
        answerSeconds: 0.2,
        reachAttempts: 1,
      })
    for (const proxy of [silent.url.origin, 'http://127.0.0.1:1', 'http://']) {
      expect(await to(proxy)).toBeInstanceOf(UnreachableError)
    }
  })
})
