import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServingSet } from '../serving-set.ts'
import { answeringFor, NoLiveVersion, promoted, withCanary, withoutVersion, withShadow } from './serving-changes.ts'

const first: ServingSet = {
  policy: 'primary-then-best',
  members: [{ slot: 'main', version: 1, stage: 'live', weight: 1, baseline: true }],
}
const told = ({ members }: ServingSet) =>
  members.map(({ version, stage, weight, baseline }) => `${version} ${stage} ${weight}${baseline ? ' baseline' : ''}`)
const v2 = { slot: 'main', version: 2 }
const change = { ...v2, champion: 1, mode: 'replace' as const }

test('a version in shadow computes and never answers', () => {
  const set = withShadow(first, v2)
  assert.deepEqual(told(set), ['1 live 1 baseline', '2 shadow 0'])
  assert.deepEqual(
    answeringFor(set, () => 0).map(({ version }) => version),
    [1],
  )
})

test('a canary answers its share, in the place of the champion of its slot', () => {
  const set = withCanary(withShadow(first, v2), { ...v2, weight: 0.1 })
  assert.deepEqual(told(set), ['1 live 1 baseline', '2 canary 0.1'])
  assert.deepEqual(
    answeringFor(set, () => 0.05).map(({ version, weight }) => [version, weight]),
    [[2, 1]],
  )
  assert.deepEqual(
    answeringFor(set, () => 0.1).map(({ version }) => version),
    [1],
  )
})

test('a canary of one slot leaves the other slots alone', () => {
  const two = {
    ...first,
    members: [...first.members, { stage: 'live' as const, weight: 1, slot: 'deep', version: 3, baseline: false }],
  }
  const set = withCanary(two, { ...v2, weight: 0.5 })
  assert.deepEqual(
    answeringFor(set, () => 0).map(({ version }) => version),
    [2, 3],
  )
})

test('a promoted version takes the place of the champion; the baseline stays and computes', () => {
  const set = promoted(withCanary(first, { ...v2, weight: 0.5 }), change)
  assert.deepEqual(told(set), ['2 live 1', '1 retired 0 baseline'])
  const third = promoted(withShadow(set, { slot: 'main', version: 3 }), { ...change, version: 3, champion: 2 })
  assert.deepEqual(told(third), ['3 live 1', '1 retired 0 baseline'])
})

test('a version that joins shares with the champion', () => {
  const set = promoted(withShadow(first, v2), { ...change, mode: 'join' })
  assert.deepEqual(told(set), ['1 live 0.5 baseline', '2 live 0.5'])
})

test('a version that leaves brings its champion back, as often as it is asked', () => {
  const live = promoted(withShadow(first, v2), change)
  const back = withoutVersion(live, change)
  assert.deepEqual(told(back), ['1 live 1 baseline'])
  assert.deepEqual(told(withoutVersion(back, change)), ['1 live 1 baseline'])
  assert.deepEqual(told(withoutVersion(withShadow(first, v2), change)), ['1 live 1 baseline'])
})

test('a champion that had left comes back', () => {
  const third = promoted(promoted(first, change), { ...change, version: 3, champion: 2 })
  assert.deepEqual(told(withoutVersion(third, { slot: 'main', version: 3, champion: 2 })), [
    '2 live 1',
    '1 retired 0 baseline',
  ])
})

test('there is never a set without a live version', () => {
  const none: ServingSet = { ...first, members: [] }
  assert.throws(() => withShadow(none, v2), NoLiveVersion)
  assert.throws(() => withoutVersion(none, change), NoLiveVersion)
})

test('the baseline stays the baseline, whatever is tried with it', () => {
  const retired = promoted(withShadow(first, v2), change)
  const v1 = { slot: 'main', version: 1 }
  assert.deepEqual(told(withShadow(retired, v1)), told(retired))
  assert.deepEqual(told(withCanary(retired, { ...v1, weight: 0.1 })), told(retired))
  assert.deepEqual(told(withoutVersion(retired, { ...v1, champion: 2 })), told(retired))
  assert.deepEqual(told(promoted(retired, { ...v1, champion: 2, mode: 'replace' })), ['1 live 1 baseline'])
})
