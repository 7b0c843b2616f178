import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOurWords } from './failures.ts'

const failing = (fields: object, message = 'write') =>
  inOurWords(() => Promise.reject<string>(Object.assign(new Error(message), fields)))(undefined)

test('a full disk ends a retrain, whoever noticed it', async () => {
  const full = { type: 'DiskFull', nonRetryable: true, message: 'the disk is full' }
  await assert.rejects(failing({ code: 'ENOSPC' }), full)
  await assert.rejects(failing({ code: 'TrainingFailed', reason: 'ENOSPC' }), full)
  await assert.rejects(failing({ code: 'ServiceUnavailable' }, 'the blobs cannot be written: ENOSPC'), full)
})

test('what no attempt makes better is terminal, and a lost process is tried again', async () => {
  await assert.rejects(failing({ code: 'InvalidDataset' }), { type: 'InvalidDataset', nonRetryable: true })
  await assert.rejects(failing({ code: 'TrainingFailed', reason: 'NotANumber' }), { nonRetryable: true })
  const lost = failing({ code: 'TrainingFailed', reason: 'ProcessLost' })
  await assert.rejects(lost, { type: 'TrainingFailed', nonRetryable: false })
  const other = new Error('something else')
  await assert.rejects(inOurWords(() => Promise.reject<string>(other))(undefined), other)
})
