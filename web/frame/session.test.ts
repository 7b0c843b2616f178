import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../api/contract/people.ts'
import { may } from './session.ts'

const person = { id: 'p', name: 'P' }

test('a role includes those before it, for its bot only', () => {
  const session: Session = { person, roles: { 'after-dark': 'approver' } }
  assert.ok(may(session, 'after-dark', 'viewer'))
  assert.ok(may(session, 'after-dark', 'approver'))
  assert.ok(!may(session, 'after-dark', 'admin'))
  assert.ok(!may(session, 'team-router', 'viewer'))
})

test('a role for every bot counts beside that of one', () => {
  const session: Session = { person, roles: { '*': 'admin', 'after-dark': 'viewer' } }
  assert.ok(may(session, 'after-dark', 'admin'))
})
