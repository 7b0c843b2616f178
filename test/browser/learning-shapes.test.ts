import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { rollout, rolloutDetail } from '../../api/operator/learning/rollout-shapes.ts'
import { botLearning, dataset, listedCorrection, question } from '../../api/operator/learning/shapes.ts'
import { comparison, replay, version, versionDetail } from '../../api/operator/learning/version-shapes.ts'
import * as pages from '../../web/operator/learning/answers.ts'
import * as rolloutPages from '../../web/operator/learning/rollout-answers.ts'
import * as versionPages from '../../web/operator/learning/version-answers.ts'
import * as records from './learning/records.ts'

/** Thrown errors name the field that differs. */
const is = (shape: z.ZodType, value: unknown) => assert.doesNotThrow(() => shape.parse(value))
const progress = { open: 2, labelledToday: 0, byMe: 0 }
const done = { id: records.replayLine.id, state: 'done', progress: null, report: records.report }
const detail = { ...records.versions()[0], ...records.versionFiles, replays: [records.replayLine] }

test('what the browser tests script is what the operator API answers', () => {
  is(z.array(botLearning), records.learning())
  is(z.array(listedCorrection), records.corrections())
  is(z.array(question), records.questions())
  is(z.array(version), records.versions())
  is(versionDetail, detail)
  is(comparison, records.comparison)
  is(replay, done)
  is(dataset, records.dataset)
  is(z.array(rollout), records.rollouts())
  is(rolloutDetail, records.rolloutDetail())
})

test('the pages read what the operator API answers', () => {
  is(pages.learning, { bots: records.learning() })
  is(pages.corrections, { corrections: records.corrections() })
  is(pages.questions, { questions: records.questions(), progress })
  is(versionPages.versions, { versions: records.versions() })
  assert.ok(versionPages.versionDetail.parse(detail).evaluation)
  is(versionPages.comparison, records.comparison)
  is(versionPages.dataset, records.dataset)
  is(versionPages.replay, done)
  is(rolloutPages.rollouts, { rollouts: records.rollouts() })
  is(rolloutPages.rolloutDetail, records.rolloutDetail())
})

test('an evaluation of another kind leaves the rest of a version readable', () => {
  const odd = versionPages.versionDetail.parse({ ...detail, evaluation: { pooled: 'none' } })
  assert.equal(odd.evaluation, null)
})

test('a record that lacks a field is noticed', () => {
  const without = { ...records.rolloutDetail(), lights: undefined }
  assert.throws(() => rolloutDetail.parse(without), /lights/)
  assert.throws(() => rolloutPages.rolloutDetail.parse(without), /lights/)
})
