import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { rollout, rolloutDetail } from '../../api/operator/learning/rollouts/rollout-shapes.ts'
import { botLearning, dataset, listedCorrection, question } from '../../api/operator/learning/shapes.ts'
import { comparison, replay, version, versionDetail } from '../../api/operator/learning/versions/version-shapes.ts'
import * as pages from '../../web/operator/learning/answers.ts'
import * as rolloutPages from '../../web/operator/learning/rollout-answers.ts'
import * as versionPages from '../../web/operator/learning/version-answers.ts'
import * as learningRecords from './learning/records/learning.ts'
import * as versionRecords from './learning/records/versions.ts'
import * as rolloutRecords from './learning/records/rollouts.ts'

/** Thrown errors name the field that differs. */
const is = (shape: z.ZodType, value: unknown) => assert.doesNotThrow(() => shape.parse(value))
const progress = { open: 2, labelledToday: 0, byMe: 0 }
const done = { id: versionRecords.replayLine.id, state: 'done', progress: null, report: versionRecords.report }
const detail = { ...versionRecords.versions()[0], ...versionRecords.versionFiles, replays: [versionRecords.replayLine] }

test('what the browser tests script is what the operator API answers', () => {
  is(z.array(botLearning), learningRecords.learning())
  is(z.array(listedCorrection), learningRecords.corrections())
  is(z.array(question), learningRecords.questions())
  is(z.array(version), versionRecords.versions())
  is(versionDetail, detail)
  is(comparison, versionRecords.comparison)
  is(replay, done)
  is(dataset, versionRecords.dataset)
  is(z.array(rollout), rolloutRecords.rollouts())
  is(rolloutDetail, rolloutRecords.rolloutDetail())
})

test('the pages read what the operator API answers', () => {
  is(pages.learning, { bots: learningRecords.learning() })
  is(pages.corrections, { corrections: learningRecords.corrections() })
  is(pages.questions, { questions: learningRecords.questions(), progress })
  is(versionPages.versions, { versions: versionRecords.versions() })
  assert.ok(versionPages.versionDetail.parse(detail).evaluation)
  is(versionPages.comparison, versionRecords.comparison)
  is(versionPages.dataset, versionRecords.dataset)
  is(versionPages.replay, done)
  is(rolloutPages.rollouts, { rollouts: rolloutRecords.rollouts() })
  is(rolloutPages.rolloutDetail, rolloutRecords.rolloutDetail())
})

test('an evaluation of another kind leaves the rest of a version readable', () => {
  const odd = versionPages.versionDetail.parse({ ...detail, evaluation: { pooled: 'none' } })
  assert.equal(odd.evaluation, null)
})

test('a record that lacks a field is noticed', () => {
  const without = { ...rolloutRecords.rolloutDetail(), lights: undefined }
  assert.throws(() => rolloutDetail.parse(without), /lights/)
  assert.throws(() => rolloutPages.rolloutDetail.parse(without), /lights/)
})
