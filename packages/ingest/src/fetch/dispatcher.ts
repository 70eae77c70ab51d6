import { Agent, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from 'undici'
import { patientLookup } from './lookup.js'

/** What sends requests: straight to the server, or through a proxy, whose name and password may be in its address. */
export function dispatcherThrough(proxy: URL | undefined, answerSeconds: number): Dispatcher {
  const connect = { timeout: answerSeconds * 1000, lookup: patientLookup(answerSeconds) }
  if (!proxy) return new Agent({ connect })
  const username = decoded(proxy.username)
  const password = decoded(proxy.password)
  if (proxy.protocol === 'socks5:') {
    return new Socks5ProxyAgent(`socks5://${proxy.host}`, { username, password })
  }
  const account = Buffer.from(`${username}:${password}`).toString('base64')
  return new ProxyAgent({
    connect,
    uri: `${proxy.protocol}//${proxy.host}`,
    proxyTls: connect,
    // Plain HTTP is asked of the proxy as proxies expect it; only HTTPS goes through a tunnel.
    proxyTunnel: false,
    ...(username === '' ? {} : { token: `Basic ${account}` }),
  })
}

/** A percent sign that begins no code stands for itself: people write their passwords as they are. */
function decoded(text: string): string {
  const exact = text.replace(/%(?![0-9a-f]{2})/gi, '%25')
  try {
    return decodeURIComponent(exact)
  } catch {
    return text
  }
}
