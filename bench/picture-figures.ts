import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { openBlobs } from '../adapters/blobs/files.ts'
import type { Figures } from '../domain/model/evaluation.ts'
import { pictureInput } from '../domain/model/preprocessing.ts'
import { quantile } from '../domain/quantile.ts'
import { createLogger } from '../infra/logger.ts'
import { openBackbone } from '../models/backbone.ts'
import type { VersionFiles } from '../models/family.ts'
import { askedUnder, figuresTogether } from '../models/pictures/together.ts'
import { openPicturePredictor } from '../models/predictor.ts'
import type { CurvePoint } from '../models/evaluation/risk-coverage.ts'
import { openTensorflow, type Tensorflow } from '../models/tensorflow.ts'
import { type Db, openDatabase } from '../store/db.ts'
import { type ModelVersion, versionsOf } from '../store/versions/versions.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { testSettings } from '../test/support/settings.ts'
import { loadBots } from '../workers/bots/bots.ts'
import { versionOpener } from '../workers/versions/open-versions.ts'
import { servePredictors } from '../workers/versions/serve-predictors.ts'

const rounds = 40
const limits = { maxBatch: 16, maxDelayMs: 2 }

const round = (value: number): number => Math.round(value * 1e3) / 1e3
const short = ({ count, auc, balancedAccuracy, accuracy, majorityRate, ece }: Figures) => ({
  count,
  auc: auc[0] == null ? null : round(auc[0]),
  balancedAccuracy: round(balancedAccuracy),
  accuracy: round(accuracy),
  majorityRate: round(majorityRate),
  ece: round(ece),
})

async function filesOf(version: ModelVersion, blobs: ReturnType<typeof openBlobs>): Promise<VersionFiles> {
  const files = Object.entries(version.files).map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const)
  return Object.fromEntries(await Promise.all(files))
}

const shortPoint = ({ confidence, share, error }: CurvePoint) => ({
  confidence: round(confidence),
  share: round(share),
  error: error === null ? null : round(error),
})

/**
 * Figures of a bot's starter versions on vendors that were left out, and of their average, per vendor and over all; and whom
 * it would ask: the confidence under which the least sure answers lie, and what the bot's own `unsureBelow` comes to.
 */
function figuresOfBot(versions: ReadonlyMap<string, VersionFiles>, unsureBelow: number) {
  const { answers, labels } = figuresTogether(versions)
  const asked = askedUnder(versions, unsureBelow)
  const told = versions.size === 1 ? answers.slice(0, 1) : answers
  const entries = told.map(({ name, vendors, pooled, unsure }) => {
    const each = vendors.map((figures) => [figures.vendor, short(figures)] as const)
    const own = asked.get(name)
    const asks = {
      atMost: unsure.share,
      below: round(unsure.confidence),
      ...(own && { bot: shortPoint(own) }),
      curve: unsure.curve.map(shortPoint),
    }
    return [name, { ...Object.fromEntries(each), all: short(pooled), asks }] as const
  })
  return { aucOf: labels[0], ...Object.fromEntries(entries) }
}

/** A picture that nobody has looked at. */
const unseen = (): Uint8Array => new Uint8Array(randomBytes(pictureInput.byteLength))

type Ask = (picture: Uint8Array) => Promise<unknown>

/** Medians of ways to answer, in turns, so that all meet the same machine. */
async function inTurns(ways: Readonly<Record<string, Ask>>): Promise<Readonly<Record<string, number>>> {
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let index = 0; index < rounds + 5; index += 1)
    for (const [name, ask] of Object.entries(ways)) {
      const picture = unseen()
      const started = performance.now()
      await ask(picture)
      // The first few warm up.
      if (index >= 5) times.get(name)?.push(performance.now() - started)
    }
  return Object.fromEntries([...times].map(([name, all]) => [name, round(quantile(all, 0.5))]))
}

/** What an answer by two live versions costs, as inference workers serve them, beside one version and two that share nothing. */
async function costOfTwo(
  db: Db,
  tensorflow: Tensorflow,
  made: { readonly bot: string; readonly files: readonly VersionFiles[] },
) {
  const settings = testSettings()
  const versions = versionOpener({ tensorflow, backboneFile: settings.backboneWeights, limits })
  const log = createLogger('bench', 'warn')
  const served = servePredictors({ db, blobs: openBlobs(settings.blobsUrl), versions, limits, log })
  const backbone = await openBackbone(tensorflow, settings.backboneWeights)
  const apart = await Promise.all(made.files.map((files) => openPicturePredictor({ tensorflow, backbone, files })))
  const ask = await Promise.all(made.files.map((_, index) => served.predictorOf(made.bot, index + 1)))
  const times = await inTurns({
    oneVersionMs: (picture) => Promise.resolve(ask.at(-1)?.(picture)),
    twoVersionsMs: (picture) => Promise.all(ask.map((predict) => predict(picture))),
    twoApartMs: (picture) => Promise.all(apart.map((predictor) => predictor.predict([picture]))),
  })
  await served.close()
  await versions.close()
  return { ...times, ratio: round((times['twoVersionsMs'] ?? NaN) / (times['oneVersionMs'] ?? NaN)) }
}

async function run(say: (line: string) => void) {
  const database = await createTestDatabase()
  const db = openDatabase(database.url, { poolSize: 2 })
  try {
    const tensorflow = await openTensorflow('auto')
    const blobs = openBlobs(testSettings().blobsUrl)
    const bots: Record<string, unknown> = {}
    const sharedPass: Record<string, unknown> = {}
    for (const { name, unsureBelow } of (await loadBots()).filter(({ family }) => family === 'picture-classifier')) {
      const versions = await versionsOf(db, name)
      const files = await Promise.all(versions.map((version) => filesOf(version, blobs)))
      bots[name] = figuresOfBot(new Map(versions.map(({ slot }, index) => [slot, files[index] ?? {}])), unsureBelow)
      say(`${name}: ${JSON.stringify(bots[name])}`)
      if (files.length < 2) continue
      sharedPass[name] = await costOfTwo(db, tensorflow, { bot: name, files })
      say(`${name}: ${JSON.stringify(sharedPass[name])}`)
    }
    return { bench: 'picture-figures', method: 'leave one vendor out', backend: tensorflow.backend, bots, sharedPass }
  } finally {
    await db.destroy()
    await database.drop()
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const result = await run((line) => console.error(line))
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
