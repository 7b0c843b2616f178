import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { proveAcceptedThenFailed } from '../../bench/prove/accepted-then-failed.ts'
import { proveConversationSoak } from '../../bench/prove/conversation-soak.ts'
import { proveDuplicates } from '../../bench/prove/duplicates.ts'
import { proveOutages } from '../../bench/prove/outages.ts'
import { proveReplyKills } from '../../bench/prove/reply-kills.ts'
import type { ProofResult, ProofRun } from '../../bench/shared/proof.ts'

/* Each proof of conversations once; the full numbers are its own command. */

const proofs: Readonly<Record<string, (run: ProofRun) => Promise<ProofResult>>> = {
  'a worker that is killed at any point of a reply leaves one reply': proveReplyKills,
  'a reply that arrived and then failed is found, not repeated': proveAcceptedThenFailed,
  'nothing is lost while Temporal or PostgreSQL is down': (run) => proveOutages(run, { events: 4, seconds: 3 }),
  'the same event in all its copies gets one reply': proveDuplicates,
}

// Most of a proof is waiting for a time limit, so two go on side by side, each on its own stack.
describe('each proof holds once', { concurrency: 2 }, () => {
  for (const [name, prove] of Object.entries(proofs))
    it(name, async (context) => {
      const result = await prove({ times: 1, say: (line) => context.diagnostic(line) })
      assert(result.ok, JSON.stringify(result, undefined, 2))
    })

  it('mixed conversations under faults each get one answer, where they were asked', async (context) => {
    const result = await proveConversationSoak({ times: 30, say: (line) => context.diagnostic(line) })
    assert(result.ok, JSON.stringify(result, undefined, 2))
  })
})
