import { canonicalJson, sha256 } from '@serflow/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { judgedCorpus, madeReport } from '../judged-corpus.fixture.js'
import { reportRecord } from '../records.js'
import { reportSchema } from '../schema.js'
import { reportConfig } from '../config.js'
import { reportDigest } from './report.js'

test('the report has the fields other programs rely on', async () => {
  const report = await madeReport(judgedCorpus())
  for (const field of [
    'corpus',
    'synthetic',
    'protocol',
    'utterances',
    'speakers',
    'classes',
    'uar',
    'accuracy',
    'macroF1',
    'recalls',
    'confusion',
    'perSpeaker',
    'perGender',
    'perFold',
    'perSeed',
    'baselines',
    'recipeOrigin',
    'skipped',
    'warnings',
    'provenance',
    'digest',
  ]) {
    expect(report).toHaveProperty(field)
  }
  expect(report.corpus).toBe('made')
  expect(report.utterances).toBe(72)
  expect(report.protocol).toMatchObject({
    folds: 3,
    speakersIndependent: true,
    selection: 'none: fixed schedule',
    seeds: [0],
  })
})

test('the digest is the SHA-256 of the canonical JSON without it', async () => {
  const report = await madeReport(judgedCorpus())
  const { digest, ...rest } = report
  expect(digest).toBe(sha256(canonicalJson(rest)))
  expect(reportDigest(report)).toBe(digest)
})

test('equal inputs give equal bytes, and the record comes back as it was', async () => {
  const report = await madeReport(judgedCorpus())
  const bytes = await reportRecord.encode(report)
  expect(await reportRecord.encode(await madeReport(judgedCorpus()))).toEqual(bytes)
  const read = await reportRecord.decode(bytes)
  expect(read).toEqual(report)
  expect(reportSchema.parse(read)).toEqual(report)
  expect(reportDigest(read)).toBe(report.digest)
})

test('the digest changes with a setting and with a version', async () => {
  const { digest } = await madeReport(judgedCorpus())
  const other = await madeReport(judgedCorpus(), { provenance: { settings: { epochs: 41 } } })
  expect(other.digest).not.toBe(digest)
  const newer = await madeReport(judgedCorpus(), { provenance: { packages: { serflow: '2' } } })
  expect(newer.digest).not.toBe(digest)
})

test('synthetic speech is the first warning', async () => {
  const report = await madeReport(judgedCorpus(), { corpusInfo: { synthetic: true } })
  expect(report.synthetic).toBe(true)
  expect(report.warnings[0]).toBe('Synthetic speech: the numbers say nothing of real recordings.')
})

test('what is told of the protocol is in the protocol, the rest of it in provenance', async () => {
  const protocol = { selection: 'epoch on two training speakers', voting: 'three copies' }
  const report = await madeReport(judgedCorpus(), { provenance: { protocol } })
  expect(report.protocol).toMatchObject({ ...protocol, augmentation: 'not stated' })
  expect(report.provenance).not.toHaveProperty('protocol')
  expect(report.provenance.corpus.licence).toBe('CC0')
})

test('the schema is JSON Schema, and refuses a rate above 1 and an unknown field', async () => {
  const schema = z.toJSONSchema(reportSchema)
  expect(schema.required).toContain('digest')
  expect(schema.additionalProperties).toBe(false)
  const report = await madeReport(judgedCorpus())
  expect(reportSchema.safeParse({ ...report, accuracy: 66.7 }).success).toBe(false)
  expect(reportSchema.safeParse({ ...report, more: 1 }).success).toBe(false)
})

test('the stage has no settings, and refuses one', () => {
  expect(reportConfig.parse({})).toEqual({})
  expect(reportConfig.safeParse({ title: 'a' }).success).toBe(false)
})
