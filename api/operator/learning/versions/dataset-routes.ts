import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { botOfDataset, versionsByDataset } from '../../../../store/learning/datasets/frozen-datasets.ts'
import { datasetReader } from './dataset-reader.ts'
import { datasetsOf, type ListedDataset } from '../../../../store/versions/datasets.ts'
import { sendNotFound } from '../../../problems.ts'
import { actorOf, allow, mayWith, sendNoRole, visibleTo } from '../../access.ts'
import type { OperatorDeps } from '../../context.ts'
import { dataset, datasets as datasetsShape } from '../../../contract/datasets.ts'
import { botName } from '../../../contract/values.ts'

const byRoot = z.object({ root: z.string().regex(/^[0-9a-f]{64}$/) })

function partsOf(examples: readonly { readonly part: string }[]): Record<string, number> {
  const parts = new Map<string, number>()
  for (const { part } of examples) parts.set(part, (parts.get(part) ?? 0) + 1)
  return Object.fromEntries(parts)
}

/** Dataset versions: immutable, listed, exportable. */
export const datasetRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const { db } = deps
    const examplesOf = datasetReader(deps.blobs)
    const present = async (one: ListedDataset, versions: ReadonlyMap<string, readonly number[]>) => ({
      ...{ root: one.root, bot: one.bot, size: one.size, labelCounts: { ...one.labelCounts } },
      // One that cannot be read now hides no other one; its export says so.
      parts: await examplesOf(one).then(partsOf, () => ({})),
      parent: one.parent ?? null,
      corrections: one.corrections.train + one.corrections.heldOut,
      versions: versions.get(one.root) ?? [],
      createdAt: one.createdAt.toISOString(),
    })
    const find = async (root: string) => {
      const bot = await botOfDataset(db, root)
      return bot === undefined ? undefined : (await datasetsOf(db, bot)).find((each) => each.root === root)
    }
    app.get(
      '/api/datasets',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'The dataset versions of a bot, or of all, the newest first',
          querystring: z.object({ bot: botName.optional() }),
          response: { 200: datasetsShape },
        },
      },
      async (request) => {
        const visible = visibleTo(actorOf(request))
        const names = deps.bots().map(({ name }) => name)
        const wanted = names.filter((name) => (visible?.includes(name) ?? true) && (request.query.bot ?? name) === name)
        const told = []
        for (const name of wanted) {
          const versions = await versionsByDataset(db, name)
          for (const each of await datasetsOf(db, name)) told.push(await present(each, versions))
        }
        return { datasets: told }
      },
    )
    app.get(
      '/api/datasets/:root',
      {
        ...allow(deps, 'viewer'),
        schema: { summary: 'One dataset version by its Merkle root', params: byRoot, response: { 200: dataset } },
      },
      async (request, reply) => {
        const found = await find(request.params.root)
        if (found === undefined) return sendNotFound(reply)
        if (!mayWith(request, found.bot, 'viewer')) return sendNoRole(reply, 'viewer')
        return present(found, await versionsByDataset(db, found.bot))
      },
    )
    app.get(
      '/api/datasets/:root/export',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Its examples as JSON lines: id, inputSha256, label, part, weight, vendor, corrections',
          params: byRoot,
        },
      },
      async (request, reply) => {
        const found = await find(request.params.root)
        if (found === undefined) return sendNotFound(reply)
        if (!mayWith(request, found.bot, 'viewer')) return sendNoRole(reply, 'viewer')
        const lines = (await examplesOf(found)).map(
          ({ id, inputSha256, label, part, weight, vendor, corrections }) =>
            `${JSON.stringify({ id, inputSha256, label, part, weight, vendor, corrections })}\n`,
        )
        return reply
          .header('content-disposition', `attachment; filename="${found.bot}-${found.root.slice(0, 12)}.jsonl"`)
          .type('application/jsonl')
          .send(lines.join(''))
      },
    )
    done()
  }
