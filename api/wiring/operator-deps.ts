import type { FastifyBaseLogger } from 'fastify'
import { openBlobs } from '../../adapters/blobs/files.ts'
import type { Config } from '../../infra/config.ts'
import type { Db } from '../../store/db.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { recentChanges } from '../../store/changes.ts'
import { correctionList } from '../../store/corrections/correction-list.ts'
import { isExamplePicture } from '../../store/learning/datasets/example-inputs.ts'
import { addLabel } from '../../store/versions/labels.ts'
import { findMessages, summaryOf } from '../../store/messages/find.ts'
import { messageDetail } from '../../store/messages/message-detail.ts'
import { isShown } from '../../store/messages/moderation.ts'
import { pauseBot, pausedBots, resumeBot } from '../../store/pauses.ts'
import { actorOf, changeRole, ensureLocalAdmin, knownPeople } from '../../store/people/people.ts'
import { openQuestions } from '../../store/corrections/questions.ts'
import * as reports from '../../store/reports.ts'
import { reopenMessage } from '../../store/messages/retries.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { endSession, giveSignInLink, personOfSession, redeemSignInLink } from '../../store/people/sessions.ts'
import type { OpenBots } from '../../workers/bots/open-bots.ts'
import { blobsUrlOf, simulatorOf } from '../../workers/settings.ts'
import { businessKeyOf } from '../../domain/inbound.ts'
import type { OperatorDeps } from '../operator/deps.ts'
import { doctor } from './doctor.ts'
import { learningDeps } from './learning/learning-deps.ts'
import type { AskTemporal } from './temporal/on-first-use.ts'

export interface OperatorWiring {
  readonly config: Config
  readonly log: FastifyBaseLogger
  readonly db: Db
  readonly temporal: AskTemporal
  readonly bots: OpenBots
  /** Resolves once the database has answered for the first time; rejects while it is down. */
  readonly ready: () => Promise<void>
}

const widest = 1024

/** A picture that may be shown, made anew, so that no byte of the original reaches a browser. */
async function pictureOf(db: Db, blobs: ReturnType<typeof openBlobs>, sha256: string): Promise<Uint8Array | undefined> {
  if (!(await isShown(db, sha256)) && !(await isExamplePicture(db, sha256))) return undefined
  const original = await blobs.get(sha256).catch(() => undefined)
  if (original === undefined) return undefined
  // Loaded with the first picture that is looked at: the doors open a quarter of a second sooner without it.
  const { default: sharp } = await import('sharp')
  return sharp(original, { limitInputPixels: 50_000_000, failOn: 'error' })
    .rotate()
    .resize({ width: widest, height: widest, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()
}

const talkAt = (config: Config) =>
  (['slack', 'x'] as const).flatMap((channel) => {
    const url = simulatorOf(channel === 'slack' ? config.slackApiUrl : config.xApiUrl)
    return url === undefined ? [] : [{ channel, url }]
  })

/** The operator API's dependencies, with the database, Temporal and the blobs bound in. */
export function operatorDeps({ config, log, db, temporal, bots, ready }: OperatorWiring): OperatorDeps {
  const blobs = openBlobs(blobsUrlOf(config))
  const actorByToken = async (token: string) => {
    await ready()
    const personId = await personOfSession(db, token)
    return personId === undefined ? undefined : actorOf(db, personId)
  }
  return {
    log,
    bots: bots.all,
    addLabel: async (addition) => {
      const refusal = await addLabel(db, addition)
      if (refusal === undefined) await bots.refresh()
      return refusal
    },
    localAdminToken: config.localAdminToken,
    localAdmin: async () => {
      await ready()
      return actorOf(db, await ensureLocalAdmin(db))
    },
    publicUrl: config.publicUrl,
    temporalUiUrl: config.temporal.uiUrl,
    temporalNamespace: config.temporal.namespace,
    talkAt: talkAt(config),
    sessions: {
      createLink: (link) => giveSignInLink(db, link),
      redeem: async (token) => {
        await ready()
        return redeemSignInLink(db, token)
      },
      actorOf: actorByToken,
      end: (token) => endSession(db, token),
    },
    reports: {
      figures: () => reports.botFigures(db),
      summaries: (filter) => reports.messageSummaries(db, filter),
      summary: (id) =>
        summaryOf(
          db,
          id,
          bots.all().map(({ name }) => name),
        ),
      detail: (id) => messageDetail(db, id),
      find: (name) => findMessages(db, name),
      changes: (withinMs) => recentChanges(db, withinMs),
      corrections: (filter) => correctionList(db, filter),
      waitingForPeople: () => openQuestions(db),
    },
    servingSet: (bot) => servingSetOf(db, bot),
    pauses: {
      all: () => pausedBots(db),
      pause: (bot, actor) => pauseBot(db, bot, actor),
      resume: (bot, actor, answerAll) => resumeBot(db, { bot, actor, answerAll }),
    },
    people: {
      list: (filter) => knownPeople(db, { limit: 200, ...filter }),
      changeRole: (change) => changeRole(db, change),
    },
    record: async (request, bot) => {
      const transportKey = `http:${businessKeyOf(request)}`
      await recordEvent(db, { kind: 'request', transportKey, eventType: 'api', request }, { bot, channel: 'http' })
    },
    putBlob: (bytes) => blobs.put(bytes),
    pictureOf: (sha256) => pictureOf(db, blobs, sha256),
    restart: async (messageId, actor) => {
      const message = await reopenMessage(db, messageId, actor)
      if (message === undefined) return undefined
      await (await temporal()).restart(message)
      return message.workflowId
    },
    doctor: () => doctor({ config, db, temporal, bots: bots.all() }),
    learning: learningDeps({ db, temporal, blobs }),
  }
}
