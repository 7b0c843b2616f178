import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { proveAcceptedThenFailed } from '../../bench/prove/accepted-then-failed.ts'
import { proveConversationSoak } from '../../bench/prove/conversation-soak.ts'
import { proveDuplicates } from '../../bench/prove/duplicates.ts'
import { proveOutages } from '../../bench/prove/outages.ts'
import { proveReplyKills } from '../../bench/prove/reply-kills.ts'
import type { ProofResult, ProofRun } from '../../bench/shared/proof.ts'
import { type Stack, startStack } from '../support/stack.ts'

/* Each proof of conversations once; the full numbers are its own command. */

type Proof = (run: ProofRun) => Promise<ProofResult>

async function holdsOnce(context: TestContext, prove: Proof, stack?: Stack): Promise<void> {
  const result = await prove({
    times: 1,
    say: (line) => context.diagnostic(line),
    ...(stack !== undefined && { stack }),
  })
  assert(result.ok, JSON.stringify(result, undefined, 2))
}

/** In this order: the first counts what was found instead of repeated, which the last does too. */
const onOneStack: Readonly<Record<string, Proof>> = {
  'a reply that arrived and then failed is found, not repeated': proveAcceptedThenFailed,
  'the same event in all its copies gets one reply': proveDuplicates,
  'a worker that is killed at any point of a reply leaves one reply': proveReplyKills,
}

// Most of a proof is waiting for a time limit, so two go on side by side.
describe('each proof holds once', { concurrency: 2 }, () => {
  describe('on one stack', { concurrency: 1 }, () => {
    let stack: Stack | undefined
    before(async () => {
      stack = await startStack()
    })
    after(() => stack?.close())
    for (const [name, prove] of Object.entries(onOneStack)) it(name, (context) => holdsOnce(context, prove, stack))
  })

  it('nothing is lost while Temporal or PostgreSQL is down', (context) =>
    holdsOnce(context, (run) => proveOutages(run, { events: 4, seconds: 3 })))

  it('mixed conversations under faults each get one answer, where they were asked', async (context) => {
    const result = await proveConversationSoak({ times: 30, say: (line) => context.diagnostic(line) })
    assert(result.ok, JSON.stringify(result, undefined, 2))
  })
})
