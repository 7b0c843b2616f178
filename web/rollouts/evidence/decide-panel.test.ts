import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whyNot } from './decide-panel.tsx'

type Given = Parameters<typeof whyNot>[0]

const now = Date.parse('2026-03-01T12:00:00Z')
const evidence = (expiresAt: string) => ({ expiresAt })
const waiting: Given = {
  end: null,
  stage: 'approval',
  held: false,
  evidence: evidence('2026-03-02T12:00:00Z'),
  mayDecide: { allowed: true, why: null, holdOrReject: true },
}

test('an approver may decide while the card is good', () => {
  assert.equal(whyNot(waiting, now), undefined)
})

test('each reason against a decision is said in a sentence', () => {
  const cases: readonly [Partial<Given>, RegExp][] = [
    [{ end: 'rejected' }, /has ended/],
    [{ stage: 'canary' }, /when the canary has seen enough/],
    [{ stage: 'bake' }, /^It is live: the decision was taken/],
    [{ evidence: null }, /being gathered/],
    [{ evidence: evidence('2026-03-01T12:00:00Z') }, /expired without a decision, which ends the rollout/],
    [{ evidence: evidence('2026-03-01T12:00:00Z'), held: true }, /on hold, so a new card/],
    [{ mayDecide: { allowed: false, why: 'You taught this version.', holdOrReject: false } }, /You taught/],
    [{ mayDecide: { allowed: false, why: null, holdOrReject: false } }, /may not/],
  ]
  for (const [change, words] of cases) assert.match(whyNot({ ...waiting, ...change }, now) ?? '', words)
})

test('whoever may not promote may still hold or reject', () => {
  const own = { allowed: false, why: 'You taught this version.', holdOrReject: true }
  assert.equal(whyNot({ ...waiting, mayDecide: own }, now), undefined)
})
