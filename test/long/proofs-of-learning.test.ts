import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proveBadVersions } from '../../bench/prove/bad-versions.ts'
import { proveDeploy } from '../../bench/prove/deploy.ts'
import { proveLearningKills } from '../../bench/prove/learning-kills.ts'

/* The proofs of learning that take minutes, once; the full numbers are each its own command. */

test('a bad version of every kind is stopped before anybody can let it on stage', async (context) => {
  const result = await proveBadVersions({ times: 5, seed: 5, say: (line) => context.diagnostic(line) })
  assert(result.ok, JSON.stringify(result, undefined, 2))
})

test('a trainer and a worker that are killed leave one version, one decision and one post per news', async (context) => {
  const result = await proveLearningKills({ times: 1, seed: 1, say: (line) => context.diagnostic(line) })
  assert(result.ok, JSON.stringify(result, undefined, 2))
})

test('what is open lives through another build and back, unversioned and pinned', async (context) => {
  const result = await proveDeploy({ say: (line) => context.diagnostic(line) })
  assert(result.ok, JSON.stringify(result, undefined, 2))
})
