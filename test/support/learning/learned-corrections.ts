import { countVote } from '../../../store/corrections/count-vote.ts'
import { saveDataset } from '../../../store/versions/datasets.ts'
import type { Db } from '../../../store/db.ts'
import { acceptedCorrections } from '../../../store/learning/datasets/accepted-corrections.ts'
import { recordFrozen } from '../../../store/learning/datasets/frozen-datasets.ts'
import { registerTrained, type TrainedVersion } from '../../../store/learning/retrains/register-trained.ts'
import { closeRetrain, openRetrain } from '../../../store/learning/retrains/retrains.ts'
import { replaceServingSet } from '../../../store/versions/serving-sets.ts'
import { registerVersion, versionsOf } from '../../../store/versions/versions.ts'
import { testBot } from '../bots.ts'
import { answered, bot, cast, voteBy } from '../messages/corrections.ts'

const rules = { rulesOf: () => testBot().corrections, learnsFrom: () => true }

let inputs = 0
const newInput = () => (inputs += 1).toString(16).padStart(64, '0')

/** These people say what an answer should have been. */
export async function say(
  db: Db,
  ref: { readonly messageId: string; readonly position: number },
  said: { readonly people: readonly string[]; readonly label: string },
): Promise<void> {
  for (const person of said.people) {
    const { voteId } = await cast(db, voteBy(person, { target: { kind: 'prediction', ...ref }, label: said.label }))
    await countVote(db, voteId, rules)
  }
}

interface Options {
  readonly synthetic?: boolean
  readonly label?: string
  /** A new one when left out. */
  readonly inputSha256?: string
}

/** An answer "fedora" that these people say is none, with the input that the models saw. */
export async function corrected(db: Db, people: readonly string[], options: Options = {}) {
  const { synthetic = false, label = 'no-fedora', inputSha256 = newInput() } = options
  const made = await answered(db)
  await db
    .insertInto('scores')
    .values({
      ...{ message_id: made.id, position: 0, slot: 'main', version: 1, stage: 'live', input_sha256: inputSha256 },
      ...{ label: 'fedora', confidence: 0.7, known: true, probabilities: null, eval_ms: 1, error: null },
    })
    .execute()
  if (synthetic) await db.updateTable('messages').set({ synthetic: true }).where('id', '=', made.id).execute()
  await say(db, made.ref, { people, label })
  return made
}

const datasetOf = (root: string, parent?: string) => ({
  ...({ root, bot, family: 'picture-classifier', files: {}, size: 10 } as const),
  labelCounts: { fedora: 5, 'no-fedora': 5 },
  parent,
})

export const trained = (datasetRoot: string, parent = 1): TrainedVersion => ({
  ...{ bot, slot: 'main', family: 'picture-classifier', parent, datasetRoot, weightsSha256: 'w' },
  ...{ files: {}, labels: ['fedora', 'no-fedora'], preprocessingVersion: 'p' },
})

/** Makes a version the only one that serves. */
export async function goLive(db: Db, version: number): Promise<void> {
  const member = { slot: 'main', version, stage: 'live', weight: 1, baseline: version === 1 } as const
  await db
    .transaction()
    .execute((trx) =>
      replaceServingSet(trx, { bot, set: { policy: 'primary-then-best', members: [member] }, actor: 'test' }),
    )
}

/** The bot's first version, live, unless there is one. */
export async function firstVersion(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await saveDataset(trx, datasetOf('first'))
    if ((await versionsOf(trx, bot)).length === 0)
      await registerVersion(trx, { ...trained('first'), version: 1, parent: undefined })
  })
  await goLive(db, 1)
}

interface Parent {
  readonly version: number
  readonly root: string
}
const first: Parent = { version: 1, root: 'first' }

/** Freezes everything that is accepted for a retrain. */
export async function freezeAll(
  db: Db,
  number: number,
  { root, parent = first }: { readonly root: string; readonly parent?: Parent },
): Promise<void> {
  const corrections = (await acceptedCorrections(db, bot)).map((each) => ({ ...each, part: 'train' as const }))
  await recordFrozen(db, {
    retrain: { bot, number },
    dataset: datasetOf(root, parent.root),
    corrections,
    slots: [{ slot: 'main', parent: parent.version, datasetFiles: { 'examples.json': 'e' } }],
  })
}

/** A retrain that learns from everything that is accepted, to its end. @returns the version, which serves nobody yet. */
export async function learnAll(db: Db, number: number, parent: Parent = first): Promise<number> {
  const root = `dataset-${number}`
  await openRetrain(db, { bot, number, reason: 'corrections' })
  await freezeAll(db, number, { root, parent })
  const [version = 0] = await registerTrained(db, { bot, number }, [trained(root, parent.version)])
  await closeRetrain(db, { bot, number }, { state: 'succeeded', outcome: `version ${version}` })
  return version
}
