import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyWorkspace } from './serflow.fixture.js'

const ravdess = process.env.SERFLOW_RAVDESS

test('four real actors are recognised far above chance, each recording tested once', async () => {
  if (!ravdess) {
    console.info('SERFLOW_RAVDESS is not set: no test on real recordings')
    return
  }
  const workspace = await emptyWorkspace()
  for (const actor of ['Actor_01', 'Actor_02', 'Actor_03', 'Actor_04']) {
    await symlink(join(ravdess, actor), join(workspace.recordings, actor))
  }
  const { status, stderr } = await workspace.run(
    '--set',
    'model.backbone={}',
    '--set',
    'model.train={epochs: 12}',
    '--set',
    'ingest.augmentation.speeds=[]',
  )
  expect(stderr).not.toMatch(/failed:/)
  expect(status).toBe(0)
  const report = await workspace.report()
  expect(report).toMatchObject({ utterances: 240, speakers: 4, absentClasses: [], skipped: [] })
  expect(report.uar.value).toBeGreaterThan(0.3)
  const rows = await workspace.predictions()
  expect(new Set(rows.map((row) => row.utteranceId)).size).toBe(240)
  expect(rows).toHaveLength(240)
  for (const row of rows) expect(row.fold).toBe(Number(row.speakerId) - 1)
  expect(report.perGender.map(({ gender, speakers }) => [gender, speakers])).toEqual([
    ['female', 2],
    ['male', 2],
  ])
  console.info(`four actors: UAR ${(100 * report.uar.value).toFixed(1)} %`)
})
