import { expect, test } from 'vitest'
import { z } from 'zod'
import { reportSchema } from '@serflow/evaluate'
import { inspectionSchema } from '../pipelines/src/inspect/schema.js'
import { settingsSchema } from '../pipelines/src/settings.js'

/** Written anew with `npx vitest run tests/schemas.test.ts -u`. */
test.each([
  ['report', z.toJSONSchema(reportSchema)],
  ['settings', z.toJSONSchema(settingsSchema, { io: 'input' })],
  ['inspect', z.toJSONSchema(inspectionSchema)],
])('docs/%s.schema.json is the schema that the code checks', async (name, schema) => {
  const text = JSON.stringify(schema, null, 2) + '\n'
  await expect(text).toMatchFileSnapshot(`../docs/${name}.schema.json`)
})
