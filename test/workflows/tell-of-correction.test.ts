import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCorrectionActivities } from '../../activities/corrections/create.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import { SendFailed } from '../../domain/errors.ts'
import { countVote } from '../../store/corrections/count-vote.ts'
import { correctionDeps, correctionScene, withCorrectionWorker } from '../support/messages/correction-scene.ts'
import { useDatabase } from '../support/database.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'

const temporal = useTemporal()
const db = useDatabase()

const scene = () => correctionScene({ db: db(), client: temporal.client() })

type Scene = Awaited<ReturnType<typeof scene>>
type Overrides = Parameters<typeof withCorrectionWorker>[1]['overrides']

const working = ({ deps }: Scene, during: () => Promise<void>, overrides: Overrides = {}) =>
  withCorrectionWorker(temporal.environment(), { deps, overrides }, during)

test('a worker that dies right after the count has counted once, and everybody is still told', async () => {
  const s = await scene()
  const activities = createCorrectionActivities(s.deps)
  const deaths = new Set<string>()
  const dying: typeof activities.countVote = async (vote) => {
    const tally = await activities.countVote(vote)
    if (deaths.has(vote.voteId)) return tally
    deaths.add(vote.voteId)
    throw new Error('the worker is gone')
  }
  const during = async () => {
    await s.votes('U12', 'no-fedora')
    await s.votes('U13', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
  }
  await working(s, during, { countVote: dying })
  assert.equal(deaths.size, 2)
  assert.deepEqual(s.told('U12'), ['noted no fedora 1/2', 'settled no fedora {votes}/{needed}'])
  assert.deepEqual(s.told('U13'), ['accepted no fedora 2/2'])
})

test('a person who cannot be told keeps nobody from voting, and a receipt that may be visible is not repeated', async () => {
  const s = await scene()
  let tries = 0
  const send: typeof s.channel.send = (reply) => {
    const isFirst = reply.address.kind === 'slack-ephemeral' && reply.address.userId === 'U14'
    if (!isFirst) return s.channel.send(reply)
    tries += 1
    return Promise.reject(new SendFailed({ delivery: 'unknown', reason: 'timeout' }))
  }
  const channel = { ...s.channel, send }
  await withCorrectionWorker(temporal.environment(), { deps: correctionDeps(db(), { channel }) }, async () => {
    await s.votes('U14', 'no-fedora')
    await s.votes('U15', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
  })
  // Its receipt, and the news that it is settled: one try each.
  assert.equal(tries, 2)
  const rows = await db()
    .selectFrom('replies')
    .select('state')
    .where('message_id', '=', s.id)
    .where('state', '=', 'unconfirmed')
    .execute()
  assert.equal(rows.length, 2)
})

test('the next vote is counted while a person is still being told', async () => {
  const s = await scene()
  const activities = createCorrectionActivities(s.deps)
  const gate: { open?: () => void } = {}
  const opened = new Promise<void>((open) => (gate.open = open))
  const waiting: typeof activities.tellVoter = async (receipt) => {
    await opened
    await activities.tellVoter(receipt)
  }
  const during = async () => {
    await s.votes('U16', 'no-fedora')
    await s.votes('U17', 'no-fedora')
    await s.counted(2)
    gate.open?.()
    assert.equal((await s.handle().result()).state, 'accepted')
  }
  await working(s, during, { tellVoter: waiting })
  assert.deepEqual(s.told('U17'), ['accepted no fedora 2/2'])
})

test('the sixth vote of a day is not counted, and its person is told so', async () => {
  const scenes = await Promise.all(Array.from({ length: 6 }, scene))
  for (const each of scenes.slice(0, 5))
    await countVote(db(), (await each.casts('U18', 'no-fedora')).voteId, {
      ...each.deps,
      rulesOf: () => correctionDefaults,
    })
  const last = scenes[5]
  assert(last)
  await working(last, async () => {
    await last.votes('U18', 'no-fedora')
    await last.counted(1)
    await eventually(() => Promise.resolve(last.told('U18')[0]), { timeoutMs: 20_000, what: 'the receipt' })
  })
  assert.match(last.told('U18')[0] ?? '', /^dailyLimit/)
  assert.deepEqual(await last.verdictsOf(), ['daily-limit'])
})
