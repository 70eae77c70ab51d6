import { expect, test } from 'vitest'
import { patientLookup } from './lookup.js'

function look(name: string, options: { all?: boolean; family?: 4 | 6 }): Promise<unknown> {
  return new Promise((resolve) => {
    patientLookup(20)(name, options, (error, address, family) =>
      resolve(error ? error.code : [address, family]),
    )
  })
}

test('a name is looked up, alone or with all its addresses', async () => {
  expect(await look('localhost', { family: 4 })).toEqual(['127.0.0.1', 4])
  const [all] = (await look('localhost', { all: true })) as [{ address: string }[], undefined]
  expect(all.map(({ address }) => address)).toContain('127.0.0.1')
})

test('a name that nobody knows has the code of the system', async () => {
  expect(await look('nobody.invalid', { all: true })).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/)
})

test('a name is an argument and no program', async () => {
  expect(await look("x');process.exit(3)//", {})).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/)
})
