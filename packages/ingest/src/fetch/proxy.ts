import { BlockList, isIP } from 'node:net'

/** Environment variables, or a part of them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL by the variables that curl and others know: HTTPS_PROXY or HTTP_PROXY by the URL's scheme, then
 * ALL_PROXY, unless NO_PROXY names the host. Lower-case names win; an empty value is none; a value without scheme is
 * an HTTP proxy; those of SOCKS look up names themselves, whichever of its schemes is given. NO_PROXY is a list of `*`, hosts (their subdomains are meant as well), `host:port`, addresses and
 * address ranges such as 10.0.0.0/8.
 *
 * @throws RangeError for a value that is no address of a proxy
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const given = (name: string) =>
    environment[name.toLowerCase()] === undefined ? name : name.toLowerCase()
  const value = (name: string) => environment[given(name)] ?? ''
  const ofScheme = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const name = given(value(ofScheme) === '' ? 'ALL_PROXY' : ofScheme)
  const text = value(name)
    .trim()
    .replace(/^socks(5h)?:/i, 'socks5:')
  if (text === '' || isExempt(url, value('NO_PROXY'))) return undefined
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const proxy = URL.canParse(address) ? new URL(address) : undefined
  if (!proxy || !['http:', 'https:', 'socks5:'].includes(proxy.protocol) || proxy.hostname === '') {
    throw new RangeError(
      `the environment variable ${name} is no address of a proxy, expected one like http://proxy.example.org:3128`,
    )
  }
  return proxy
}

function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '') return false
      if (entry === '*') return true
      if (entry.includes('/')) return isInRange(host, entry)
      const [, bracketed, plain = '', ofPort] =
        /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? []
      if (ofPort !== undefined && ofPort !== port) return false
      const name = (bracketed ?? plain).replace(/^\*?\.+/, '')
      return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`))
    })
}

function isInRange(host: string, range: string): boolean {
  const [address = '', bits = ''] = range.split('/')
  const family = isIP(address)
  const widest = family === 6 ? 128 : 32
  if (family === 0 || family !== isIP(host) || !/^\d+$/.test(bits) || Number(bits) > widest) {
    return false
  }
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(address, Number(bits), kind)
  return list.check(host, kind)
}
