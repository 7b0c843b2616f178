import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { replaysOf } from '../../../../store/rollouts/replays/replay-reports.ts'
import { servingSetOf } from '../../../../store/versions/serving-sets.ts'
import { versionsOf } from '../../../../store/versions/versions.ts'
import { comparisonOf, versionFiles } from './version-files.ts'
import { versionFacts, type VersionFacts } from '../../../../store/versions/version-facts.ts'
import { type ServingSet, versionOfAlias } from '../../../../domain/serving-set.ts'
import type { KeptReplay } from '../../../../store/rollouts/replays/replay-reports.ts'
import type { ModelVersion } from '../../../../store/versions/versions.ts'
import { botName, number, versionKey } from '../../../contract/values.ts'
import { comparison, versionDetail, versions as versionsShape } from '../../../contract/versions.ts'
import { sendNotFound } from '../../../problems.ts'
import { actorOf, allow, visibleTo } from '../../access.ts'
import type { OperatorDeps } from '../../context.ts'
import { withInputs } from '../present.ts'

const aliases = ['champion', 'challenger', 'baseline'] as const

function presented(one: ModelVersion, set: ServingSet | undefined, facts: VersionFacts | undefined) {
  const member = set?.members.find((each) => each.version === one.version)
  return {
    ...{ bot: one.bot, version: one.version, slot: one.slot, parent: one.parent ?? null, labels: one.labels },
    stage: member?.stage ?? null,
    aliases: aliases.filter((alias) => set !== undefined && versionOfAlias(set, alias) === one.version),
    datasetRoot: one.datasetRoot,
    weightsSha256: one.weightsSha256,
    createdAt: (facts?.createdAt ?? new Date(0)).toISOString(),
    lineage: one.lineage === undefined ? null : { ...one.lineage, libraries: { ...one.lineage.libraries } },
    weight: member?.weight ?? 0,
    warm: facts?.warm ?? false,
    rollout: facts?.rollout ?? null,
  }
}

const replayLineOf = ({ id, verdict, report, createdAt }: KeptReplay) => ({
  ...{ id, verdict, against: report.against, hash: report.hash, createdAt: createdAt.toISOString() },
  ...{ requests: report.requests, agreement: report.agreement, noiseFloor: report.noiseFloor },
})

/** The versions of the bots, their cards and figures, and any two side by side. */
export const versionRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const { db, blobs } = deps
    const listOf = async (bot: string) => {
      const [all, facts, set] = await Promise.all([versionsOf(db, bot), versionFacts(db, bot), servingSetOf(db, bot)])
      return all.map((one) => presented(one, set, facts.get(one.version)))
    }
    const find = async (bot: string, wanted: number) =>
      (await versionsOf(db, bot)).find((one) => one.version === wanted)
    app.get(
      '/api/versions',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'The versions of a bot, or of all, the oldest first',
          querystring: z.object({ bot: botName.optional() }),
          response: { 200: versionsShape },
        },
      },
      async (request) => {
        const visible = visibleTo(actorOf(request))
        const names = deps.bots().map(({ name }) => name)
        const wanted = names.filter((name) => (visible?.includes(name) ?? true) && (request.query.bot ?? name) === name)
        return { versions: (await Promise.all(wanted.map(listOf))).flat() }
      },
    )
    app.get(
      '/api/versions/:bot/:version',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'One version with its card, its figures, its gates and its replays',
          params: versionKey,
          response: { 200: versionDetail },
        },
      },
      async (request, reply) => {
        const { bot, version: wanted } = request.params
        const one = await find(bot, wanted)
        const told = (await listOf(bot)).find((each) => each.version === wanted)
        if (one === undefined || told === undefined) return sendNotFound(reply)
        const replays = (await replaysOf(db, request.params)).map(replayLineOf)
        return { ...told, ...(await versionFiles(deps, one)), replays }
      },
    )
    app.get(
      '/api/versions/:bot/:version/compare/:other',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Two versions side by side: `other` is the champion, `version` the challenger',
          params: versionKey.extend({ other: number }),
          response: { 200: comparison },
        },
      },
      async (request, reply) => {
        const { bot, version: wanted, other } = request.params
        const [challenger, champion] = [await find(bot, wanted), await find(bot, other)]
        if (challenger === undefined || champion === undefined) return sendNotFound(reply)
        const { labels, holdout, judged, scores } = await comparisonOf({ db, blobs }, challenger, champion)
        const [fixed = [], broke = []] = await withInputs(
          db,
          bot,
          [...scores.fixed, ...(judged?.fixed ?? [])],
          [...scores.broke, ...(judged?.broke ?? [])],
        )
        return {
          ...{ labels, fixed, broke, compared: scores.compared },
          champion: holdout?.champion ?? null,
          challenger: holdout?.challenger ?? null,
          fixedCount: scores.fixedCount + (judged?.fixedCount ?? 0),
          brokeCount: scores.brokeCount + (judged?.brokeCount ?? 0),
          agreement: scores.compared === 0 ? null : scores.agreed / scores.compared,
        }
      },
    )
    done()
  }
