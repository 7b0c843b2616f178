import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { platformsOf } from '../../support/platforms/both.ts'
import { eventually, replyTo } from '../../support/platforms/platform.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack, temporal } from './stack.ts'

const metadata = z.looseObject({ currentDetails: z.string().default('') })

/** What an operator reads about a running workflow in the Temporal UI. */
async function currentDetails(workflowId: string): Promise<string> {
  const answer: unknown = await temporal().workflow.getHandle(workflowId).query('__temporal_workflow_metadata')
  return metadata.parse(answer).currentDetails
}

const detailsSaying = (workflowId: string, words: RegExp) =>
  eventually(
    async () => {
      const details = await currentDetails(workflowId).catch(() => '')
      return words.test(details) ? details : undefined
    },
    { timeoutMs: 45_000, what: `current details that say ${words.source}` },
  )

test('without its model a message waits, says why, and is answered when the model is back', async () => {
  const { db, blobsFolder } = stack()
  await stack().stop('inference')
  const { weights_sha256: sha256 } = await db
    .selectFrom('versions')
    .select('weights_sha256')
    .where('bot', '=', 'fedora-finder')
    .executeTakeFirstOrThrow()
  const blob = join(blobsFolder, sha256.slice(0, 2), sha256)
  await rename(blob, `${blob}.away`)

  const asked = await Promise.all(
    platformsOf(stack()).map(async (place) => ({
      place,
      id: await place.ask({ pictures: [await hatPicture('no model')] }),
    })),
  )
  const workflows = asked.map(({ place, id }) => place.workflowId(id))
  await stack().start('inference')
  await Promise.all(
    workflows.map((workflowId) => detailsSaying(workflowId, /v1, attempt \d+: .*weights\.bin.* cannot be read/)),
  )
  for (const { place, id } of asked) assert.deepEqual(await place.repliesTo(id), [])

  await rename(`${blob}.away`, blob)
  for (const { place, id } of asked) {
    assert.match((await replyTo(place, id)).text, /^fedora: /)
    assert.equal((await finishedMessage(stack(), place.workflowId(id))).outcome, 'answered')
  }
})
