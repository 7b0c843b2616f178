import type { ExamplePart } from '../../domain/learning/examples.ts'
import { baseExampleId } from '../../domain/prediction.ts'
import type { Compared } from '../../domain/rollout/evidence.ts'
import { type Differences, gatesOf } from '../../domain/rollout/gates.ts'
import { versionOfAlias } from '../../domain/serving-set.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { JudgedRow, JudgedVersion } from '../../models/evaluation/judge-version.ts'
import { recentInputs } from '../../store/learning/inputs.ts'
import {
  recordJudged,
  retrainSlot,
  type RetrainSlot,
  retrainSlots,
  type SlotJudgement,
} from '../../store/learning/retrains/retrain-slots.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { type ModelVersion, versionsOf } from '../../store/versions/versions.ts'
import type { Judged, LearningActivities, SlotRef } from '../learning-contract.ts'
import { beatWhile } from './beat.ts'
import type { LearningDeps } from './deps.ts'
import { inOurWords } from './failures.ts'
import { readFiles } from './kept-files.ts'
import { type TriedOut, tryOut } from './try-out.ts'

/** So many inputs of people tell the 95th percentile of a few milliseconds well enough. */
const sandboxInputs = 40
const shownExamples = 5
const heldOut: ReadonlySet<ExamplePart> = new Set(['holdout', 'correction-holdout'])

interface Judgements {
  readonly challenger: JudgedVersion
  readonly champion: JudgedVersion
  readonly baseline: JudgedVersion
}

/** Rows that one of the two gets right and the other does not. */
function differences(right: JudgedVersion, wrong: JudgedVersion, said: 'fixed' | 'broke'): readonly Compared[] {
  const others = new Map(wrong.rows.map((row) => [row.id, row]))
  return right.rows.flatMap(({ id, part, label, said: own, right: isRight }) => {
    const other = others.get(id)
    if (!heldOut.has(part) || !isRight || other === undefined || other.right) return []
    const prediction = id.startsWith('correction:') ? id.slice('correction:'.length) : baseExampleId(id)
    const [challenger, champion] = said === 'fixed' ? [own, other.said] : [other.said, own]
    return [{ prediction, challenger, champion, truth: label }]
  })
}

/** How many held-out rows of one part or label only one of the two gets right. */
function countDifferences(newer: JudgedVersion, older: JudgedVersion, ofRow: (row: JudgedRow) => boolean): Differences {
  const others = new Map(older.rows.map((row) => [row.id, row]))
  const differing = newer.rows.filter((row) => {
    const other = others.get(row.id)
    return other !== undefined && other.right !== row.right && ofRow(row)
  })
  const fixed = differing.filter(({ right }) => right).length
  return { fixed, broke: differing.length - fixed }
}

const differencesByLabel = ({ challenger, champion }: Judgements): readonly Differences[] =>
  challenger.labels.map((label) =>
    countDifferences(challenger, champion, (row) => row.part === 'holdout' && row.label === label),
  )

const differencesSinceBaseline = ({ challenger, baseline }: Judgements): Differences =>
  countDifferences(challenger, baseline, ({ part }) => heldOut.has(part))

const differencesOnCorrections = ({ challenger, champion }: Judgements): Differences =>
  countDifferences(challenger, champion, ({ part }) => part === 'correction-holdout')

/** What was not judged differs in nothing. */
const none: Differences = { fixed: 0, broke: 0 }

type HeldCorrections = SlotJudgement['correctionHoldout']

function baseHoldout(
  { challenger, champion, baseline }: Judgements,
  correctionHoldout: HeldCorrections,
): SlotJudgement['holdout'] {
  const own = challenger.parts.holdout.figures
  const [other, first] = [champion.parts.holdout.figures, baseline.parts.holdout.figures]
  if (!own || !other || !first) return undefined
  return { challenger: own, champion: other, baseline: first, labels: challenger.labels, correctionHoldout }
}

const heldCorrections = ({ challenger, champion, baseline }: Judgements): HeldCorrections => {
  const held = ({ parts }: JudgedVersion) => parts['correction-holdout']
  const { count, right } = held(challenger)
  return { count, challenger: right, champion: held(champion).right, baseline: held(baseline).right }
}

/** All figures of a slot's new version beside its champion and the baseline. */
function judgementOf(
  judgements: Judgements,
  facts: Pick<SlotJudgement, 'champion' | 'baseline' | 'latency' | 'newLabels'>,
): SlotJudgement {
  const { challenger, champion } = judgements
  const correctionHoldout = heldCorrections(judgements)
  const fixed = differences(challenger, champion, 'fixed')
  const broke = differences(champion, challenger, 'broke')
  const { count: total, right } = challenger.parts.golden
  return {
    ...facts,
    labels: challenger.labels,
    holdout: baseHoldout(judgements, correctionHoldout),
    correctionHoldout,
    golden: { right, total },
    fixed: fixed.slice(0, shownExamples),
    broke: broke.slice(0, shownExamples),
    fixedCount: fixed.length,
    brokeCount: broke.length,
  }
}

const nothingJudged = {
  labels: [],
  holdout: undefined,
  correctionHoldout: { count: 0, champion: 0, challenger: 0, baseline: 0 },
  golden: { right: 0, total: 0 },
  ...{ fixed: [], broke: [], fixedCount: 0, brokeCount: 0 },
} as const

interface Contestants {
  readonly challenger: VersionFiles
  readonly champion: ModelVersion
  readonly baseline: ModelVersion
}

/** @throws Error when the slot is not trained, or its champion is not there: a workflow asks for it afterwards only. */
async function contestantsOf(deps: LearningDeps, { bot, versionFiles, parent }: RetrainSlot): Promise<Contestants> {
  const versions = await versionsOf(deps.db, bot)
  const champion = versions.find(({ version }) => version === parent)
  const set = await servingSetOf(deps.db, bot)
  const first = set && versionOfAlias(set, 'baseline')
  const baseline = versions.find(({ version }) => version === first) ?? champion
  if (versionFiles === undefined || champion === undefined || baseline === undefined)
    throw new Error('there is nothing to compare')
  return { challenger: await readFiles(deps.blobs, versionFiles), champion, baseline }
}

/** A slot's columns of a dataset are its own, so the baseline of another slot is judged on that slot's. */
async function datasetFor(deps: LearningDeps, slot: RetrainSlot, baseline: ModelVersion): Promise<VersionFiles> {
  const slots = await retrainSlots(deps.db, slot)
  const own = slots.find((each) => each.slot === baseline.slot) ?? slot
  return readFiles(deps.blobs, own.datasetFiles)
}

async function judgeAll(deps: LearningDeps, slot: RetrainSlot, contestants: Contestants): Promise<Judgements> {
  const { judge } = deps.models
  const family = deps.models.familyOf(deps.botOf(slot.bot).family)
  const dataset = await readFiles(deps.blobs, slot.datasetFiles)
  const files = (version: ModelVersion) => readFiles(deps.blobs, version.files)
  const { challenger, champion, baseline } = contestants
  return {
    challenger: judge(family.judge(challenger, dataset)),
    champion: judge(family.judge(await files(champion), dataset)),
    baseline: judge(family.judge(await files(baseline), await datasetFor(deps, slot, baseline))),
  }
}

async function inputsOf(deps: LearningDeps, bot: string): Promise<readonly Uint8Array[]> {
  const names = await recentInputs(deps.db, bot, sandboxInputs)
  // What was deleted meanwhile is left out.
  const read = await Promise.allSettled(names.map((sha256) => deps.blobs.get(sha256)))
  return read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

const sandbox = async (deps: LearningDeps, slot: RetrainSlot, contestants: Contestants): Promise<TriedOut> =>
  tryOut(deps, deps.botOf(slot.bot).family, {
    challenger: contestants.challenger,
    champion: await readFiles(deps.blobs, contestants.champion.files),
    inputs: await inputsOf(deps, slot.bot),
  })

async function judge(deps: LearningDeps, ref: SlotRef): Promise<Judged> {
  const slot = await retrainSlot(deps.db, ref)
  const contestants = await contestantsOf(deps, slot)
  const { fault, times } = await sandbox(deps, slot, contestants)
  const { champion, baseline } = contestants
  const { rollout, family } = deps.botOf(ref.bot)
  const facts = {
    champion: champion.version,
    baseline: baseline.version,
    newLabels: deps.models
      .readMetadata(contestants.challenger)
      .labels.filter((label) => !champion.labels.includes(label)),
    latency: times && { ...times, budgetMs: rollout.guards.latencyFloorMs },
  }
  // What does not answer has no figures.
  const judgements = fault === undefined ? await judgeAll(deps, slot, contestants) : undefined
  const judged = judgements ? judgementOf(judgements, facts) : { ...nothingJudged, ...facts }
  const held = deps.models.familyOf(family).gates
  const all = gatesOf({
    ...judged,
    latency: judged.latency,
    baseHoldout: judgements && judged.holdout && { ...judged.holdout, differences: differencesByLabel(judgements) },
    sinceBaseline: judgements ? differencesSinceBaseline(judgements) : none,
    onCorrections: judgements ? differencesOnCorrections(judgements) : none,
    sandboxFault: fault,
  })
  const gates = all.filter(({ gate }) => held.includes(gate))
  await recordJudged(deps.db, ref, { gates, judged })
  deps.at('learning.judged')
  return { gates, passed: gates.every(({ verdict }) => verdict !== 'fail') }
}

/** `judgeSlot`: those of the gates (a) to (g) that the family is held to, with the figures of challenger, champion and baseline on the same rows. */
export const createJudgeSlot = (deps: LearningDeps): LearningActivities['judgeSlot'] =>
  inOurWords((slot) => beatWhile(judge(deps, slot)))
