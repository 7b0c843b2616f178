import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { PeopleDeps } from '../../../activities/people/place.ts'
import type { Bot } from '../../../domain/bot.ts'
import type { EvidencePayload } from '../../../domain/rollout/evidence.ts'
import type { RolloutStage } from '../../../domain/rollout/rollout.ts'
import type { Verdict } from '../../../domain/rollout/verdict.ts'
import type { Db } from '../../../store/db.ts'
import { testBot } from '../bots.ts'
import { platform } from '../messages/correction-scene.ts'
import { answered } from '../messages/corrections.ts'

const hash = (): string => randomUUID().replaceAll('-', '').repeat(2)

/** Evidence as `writeEvidence` makes it, for a version that nothing is known of but its verdict. */
const evidencePayload = (bot: string, version: number, verdict: Verdict): EvidencePayload => ({
  bot,
  version,
  judgement: { verdict, why: 'It was seen.', next: 'Nothing.' },
  lineage: {
    champion: 1,
    parent: 1,
    mode: 'replace',
    retrain: '3',
    trigger: 'corrections',
    author: null,
    datasetRoot: 'd'.repeat(64),
    datasetSize: 120,
    newCorrections: 4,
    newPredictions: [],
    seed: 7,
    trainerVersion: 't1',
    codeFingerprint: null,
    weightsSha256: 'e'.repeat(64),
  },
  gates: [{ gate: 'golden', verdict: 'no_data', why: 'there is no golden set' }],
  traffic: {
    seen: 60,
    share: 0.5,
    sampleRatioP: 0.4,
    pairs: { wins: 8, losses: 0, neither: 1 },
    eValue: 28.4,
    agreement: 0.9,
    accuracyChange: { value: 0.08, from: 0.03, to: 0.1 },
    deadlineMisses: 0,
    p50Ms: 12,
    p95Ms: 30,
    championP95Ms: 31,
    errorBound: 0.05,
  },
  fixed: [{ prediction: randomUUID(), champion: 'fedora', challenger: 'no-fedora', truth: 'no-fedora' }],
  broke: [],
  fixedCount: 8,
  brokeCount: 0,
  contributors: { people: 3, largestShare: 0.5, conflicts: 0, untrusted: 2 },
  guards: [{ guard: 'errors', light: 'green', why: 'no errors' }],
  demo: false,
})

async function keepVersion(db: Db, bot: string, version: number, parent: number | null): Promise<string> {
  const root = hash()
  await sql`insert into datasets (root, bot, family, files, size, label_counts)
            values (${root}, ${bot}, 'picture-classifier', '{}', 10, '{}')`.execute(db)
  await sql`insert into versions (bot, version, slot, family, parent, dataset_root, weights_sha256, files, labels, preprocessing_version)
            values (${bot}, ${version}, 'main', 'picture-classifier', ${parent}, ${root}, ${hash()}, '{}', '["fedora","no-fedora"]', 'p1')`.execute(
    db,
  )
  return root
}

/** A bot of its own whose version 2 is rolled out against version 1, on a platform in memory. */
export async function rolloutScene(
  db: Db,
  options: { readonly bot?: Partial<Bot>; readonly stage?: RolloutStage; readonly ended?: boolean } = {},
) {
  const name = `bot-${randomUUID().slice(0, 8)}`
  await keepVersion(db, name, 1, null)
  const root = await keepVersion(db, name, 2, 1)
  const key = { bot: name, version: 2 }
  const bot = testBot({ name, peopleChannel: `C-${name}`, ...options.bot })
  await sql`insert into rollouts (bot, version, slot, champion, mode, stage, numbers, started_at)
            values (${name}, 2, 'main', 1, 'replace', ${options.stage ?? 'approval'}, ${JSON.stringify(bot.rollout)}, now() - interval '1 hour')`.execute(
    db,
  )
  if (options.ended === true)
    await sql`update rollouts set stage = 'done', ended_as = 'rejected', ended_at = now() where bot = ${name}`.execute(
      db,
    )
  const members = [
    { slot: 'main', version: 1, stage: 'live', weight: 1, baseline: true },
    { slot: 'main', version: 2, stage: 'canary', weight: 0.5, baseline: false },
  ]
  await sql`insert into serving_sets (bot, policy, members) values (${name}, 'primary-then-best', ${JSON.stringify(members)})`.execute(
    db,
  )
  const evidence = async (verdict: Verdict = 'pass', goodForMs = 60_000): Promise<string> => {
    const payload = JSON.stringify(evidencePayload(name, 2, verdict))
    const { rows } = await sql<{ id: string }>`
      insert into evidence (bot, version, verdict, payload, hash, created_at, expires_at)
      values (${name}, 2, ${verdict}, ${payload}, ${hash()}, clock_timestamp(), clock_timestamp() + ${goodForMs} * interval '1 millisecond')
      returning id`.execute(db)
    return rows[0]?.id ?? ''
  }
  /** A message on which both versions have said something. */
  const scored = async (said: { readonly champion: string; readonly challenger: string; readonly input?: string }) => {
    const made = await answered(db, { message: { bot: name, businessKey: `${name}.T1.C1.${randomUUID()}` } })
    const input = said.input ?? hash()
    for (const [version, label] of [
      [1, said.champion],
      [2, said.challenger],
    ] as const)
      await sql`insert into scores (message_id, position, slot, version, stage, input_sha256, label, confidence, known, scored_at)
                values (${made.id}, 0, 'main', ${version}, ${version === 1 ? 'live' : 'canary'}, ${input}, ${label}, 0.8, true, now())`.execute(
        db,
      )
    return made
  }
  const seen = platform()
  const deps: PeopleDeps = {
    db,
    botOf: () => bot,
    channelOf: () => seen.channel,
    pageAt: (path) => `http://understudy.example${path}`,
    randomBelow: (below) => below - 1,
    at: () => undefined,
    clock: () => performance.now(),
  }
  return { key, name, bot, root, evidence, scored, deps, ...seen }
}
