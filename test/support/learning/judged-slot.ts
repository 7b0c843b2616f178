import { randomUUID } from 'node:crypto'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { sql } from 'kysely'
import { createJudgeSlot } from '../../../activities/learning/judge-slot.ts'
import { keepFiles } from '../../../activities/learning/kept-files.ts'
import type { Judged } from '../../../activities/learning-contract.ts'
import type { VersionFiles } from '../../../models/files.ts'
import type { Classifier } from '../../../models/model.ts'
import { readExamples } from '../../../models/datasets/examples.ts'
import { readMetadata } from '../../../models/version-facts.ts'
import { saveDataset } from '../../../store/versions/datasets.ts'
import type { Db } from '../../../store/db.ts'
import { recordFrozen } from '../../../store/learning/datasets/frozen-datasets.ts'
import { recordTrained, retrainSlot, type SlotJudgement } from '../../../store/learning/retrains/retrain-slots.ts'
import { openRetrain } from '../../../store/learning/retrains/retrains.ts'
import { replaceServingSet } from '../../../store/versions/serving-sets.ts'
import { registerVersion } from '../../../store/versions/versions.ts'
import { keepMessage } from '../messages/kept-messages.ts'
import { smallLearning } from './small-learning.ts'

interface Contest {
  readonly challenger: VersionFiles
  readonly champion: VersionFiles
  /** The champion when left out. */
  readonly baseline?: VersionFiles
  readonly dataset: VersionFiles
  /** What people sent lately. */
  readonly inputs?: readonly Uint8Array[]
  readonly open: (files: VersionFiles) => Promise<Classifier>
  /** How long a version takes for an input; 20 ms when left out. */
  readonly tookMs?: (files: VersionFiles) => number
}

/** Version 1 is the baseline, version 2 the champion. */
async function keepVersions(db: Db, bot: string, { champion, baseline = champion, dataset }: Contest) {
  const { blobs } = smallLearning(db)
  const { root, examples } = readExamples(dataset)
  const files = await keepFiles(blobs, dataset)
  const frozen = {
    ...({ root, bot, family: 'picture-classifier', size: examples.length, labelCounts: {} } as const),
    files,
  }
  const kept = [await keepFiles(blobs, baseline), await keepFiles(blobs, champion)]
  const { labels } = readMetadata(champion)
  const members = [
    { slot: 'main', version: 1, stage: 'retired', weight: 0, baseline: true },
    { slot: 'main', version: 2, stage: 'live', weight: 1, baseline: false },
  ] as const
  await db.transaction().execute(async (trx) => {
    await saveDataset(trx, frozen)
    for (const [at, own] of kept.entries())
      await registerVersion(trx, {
        ...({ bot, slot: 'main', family: 'picture-classifier', datasetRoot: root, labels, files: own } as const),
        ...{ version: at + 1, parent: at === 0 ? undefined : at, preprocessingVersion: 'p' },
        weightsSha256: own['weights.bin'] ?? '',
      })
    await replaceServingSet(trx, { bot, set: { policy: 'primary-then-best', members }, actor: 'test' })
  })
  return { frozen, files }
}

async function keepInput(db: Db, bot: string, input: Uint8Array): Promise<void> {
  const sha256 = await smallLearning(db).blobs.put(input)
  const id = await keepMessage(db, { bot, businessKey: `${bot}.${randomUUID()}` })
  await sql`insert into scores (message_id, position, slot, version, stage, input_sha256)
            values (${id}, 0, 'main', 2, 'live', ${sha256})`.execute(db)
}

/** The slot of a retrain that has been trained, of a bot that no other test has, and what judging it says. */
export async function judgedSlot(db: Db, contest: Contest) {
  const bot = `bot-${randomUUID().slice(0, 8)}`
  const learning = smallLearning(db)
  const ref = { bot, number: 1, slot: 'main' }
  const { frozen, files } = await keepVersions(db, bot, contest)
  for (const input of contest.inputs ?? []) await keepInput(db, bot, input)
  await openRetrain(db, { ...ref, reason: 'person' })
  const slots = [{ slot: 'main', parent: 2, datasetFiles: files }]
  await recordFrozen(db, { retrain: ref, dataset: frozen, corrections: [], slots })
  await recordTrained(db, ref, await keepFiles(learning.blobs, contest.challenger))
  // Time passes while a version answers, and else not at all.
  let now = 0
  const open = async (_: string, version: VersionFiles): Promise<Classifier> => {
    const predictor = await contest.open(version)
    const predict: Classifier['predict'] = (inputs) => {
      now += contest.tookMs?.(version) ?? 20
      return predictor.predict(inputs)
    }
    return { ...predictor, predict }
  }
  const judge = createJudgeSlot({ ...learning, models: { ...learning.models, open }, clock: () => now })
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  const { gates, passed }: Judged = await environment.run(() => judge(ref))
  const row = await retrainSlot(db, ref)
  return {
    passed,
    verdicts: Object.fromEntries(gates.map(({ gate, verdict }) => [gate, verdict])),
    whyOf: (id: string) => gates.find(({ gate }) => gate === id)?.why,
    kept: { gates: row.gates, judged: row.judged as SlotJudgement },
    gates,
  }
}
