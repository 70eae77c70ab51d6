import { expect, test } from 'vitest'
import { proxyFor, type Environment } from './proxy.js'

const proxyOf = (url: string, environment: Environment) =>
  proxyFor(new URL(url), environment)?.href ?? 'none'

test('the proxy is that of the URL’s scheme, in lower or upper case, else that of all', () => {
  const both = { HTTP_PROXY: 'http://plain:1', HTTPS_PROXY: 'http://secure:2' }
  expect(proxyOf('http://host/', both)).toBe('http://plain:1/')
  expect(proxyOf('https://host/', both)).toBe('http://secure:2/')
  expect(proxyOf('https://host/', { https_proxy: 'http://small:3', ...both })).toBe(
    'http://small:3/',
  )
  expect(proxyOf('https://host/', { HTTP_PROXY: 'http://plain:1' })).toBe('none')
  expect(proxyOf('https://host/', { ALL_PROXY: 'http://all:4', HTTP_PROXY: 'x' })).toBe(
    'http://all:4/',
  )
  expect(proxyOf('https://host/', { https_proxy: '', HTTPS_PROXY: 'http://secure:2' })).toBe('none')
  expect(proxyOf('https://host/', {})).toBe('none')
})

test('a value without a scheme is an HTTP proxy; name and password stay', () => {
  expect(proxyOf('https://host/', { HTTPS_PROXY: 'proxy:3128' })).toBe('http://proxy:3128/')
  expect(proxyOf('https://host/', { HTTPS_PROXY: 'http://me:pass@proxy:1' })).toBe(
    'http://me:pass@proxy:1/',
  )
})

test('the schemes of SOCKS are one, and a variable is named as it is written', () => {
  for (const scheme of ['socks', 'socks5', 'socks5h', 'SOCKS5H']) {
    expect(proxyOf('https://host/', { ALL_PROXY: `${scheme}://proxy:1` })).toBe('socks5://proxy:1')
  }
  expect(() => proxyOf('https://host/', { https_proxy: 'ftp://proxy' })).toThrow(
    'the environment variable https_proxy is no address',
  )
})

test.each(['http://', 'socks4://proxy', 'ftp://proxy', '::::', 'http://a b'])(
  'HTTPS_PROXY=%s is refused',
  (value) => {
    expect(() => proxyOf('https://host/', { HTTPS_PROXY: value })).toThrow(
      'the environment variable HTTPS_PROXY is no address of a proxy',
    )
  },
)

test.each([
  ['*', 'http://any.org/', true],
  ['zenodo.org', 'https://zenodo.org/', true],
  ['zenodo.org', 'https://files.zenodo.org/', true],
  ['.zenodo.org', 'https://files.zenodo.org/', true],
  ['*.zenodo.org', 'https://files.zenodo.org/', true],
  ['zenodo.org', 'https://notzenodo.org/', false],
  ['ZENODO.org', 'https://zenodo.ORG/', true],
  ['a.org, zenodo.org:443', 'https://zenodo.org/', true],
  ['a.org zenodo.org:8443', 'https://zenodo.org/', false],
  ['127.0.0.1', 'http://127.0.0.1:99/', true],
  ['0.0.1', 'http://127.0.0.1:99/', false],
  ['127.0.0.1:98', 'http://127.0.0.1:99/', false],
  ['10.0.0.0/8', 'http://10.200.3.4/', true],
  ['10.0.0.0/8', 'http://11.0.0.1/', false],
  ['10.0.0.0/99', 'http://10.0.0.1/', false],
  ['fd00::/8', 'http://[fd12::1]/', true],
  ['::1', 'http://[::1]:80/', true],
  ['[::1]:81', 'http://[::1]:80/', false],
  ['', 'http://host/', false],
])('NO_PROXY=%s, %s goes without a proxy: %s', (list, url, exempt) => {
  const environment = { ALL_PROXY: 'http://proxy:1', NO_PROXY: list }
  expect(proxyOf(url, environment)).toBe(exempt ? 'none' : 'http://proxy:1/')
})
