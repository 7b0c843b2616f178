import { json } from '../../wire/exchange.ts'
import { findAccount } from '../network.ts'
import type { Post } from '../network.ts'
import { postObject, userObject, withFields } from '../present.ts'
import { notFound } from '../problems.ts'
import { callerOf, listParam, page, pageSize } from './call.ts'
import type { Call, Endpoint } from './call.ts'
import { expansionsOf, postFields } from './posts.ts'

const me: Endpoint = {
  pattern: 'GET /2/users/me',
  short: 'me',
  answer: (call) => json({ data: userObject(callerOf(call)) }),
}

const idParam = ({ exchange }: Call, name: string): bigint | undefined => {
  const value = exchange.query.get(name)
  return value !== null && /^\d{1,19}$/.test(value) ? BigInt(value) : undefined
}

const timeParam = ({ exchange }: Call, name: string): number | undefined => {
  const at = Date.parse(exchange.query.get(name) ?? '')
  return Number.isNaN(at) ? undefined : at
}

function wanted(call: Call): (post: Post) => boolean {
  const sinceId = idParam(call, 'since_id') ?? -1n
  const untilId = idParam(call, 'until_id')
  const start = timeParam(call, 'start_time') ?? -Infinity
  const end = timeParam(call, 'end_time') ?? Infinity
  const withoutReplies = listParam(call, 'exclude').includes('replies')
  return ({ id, at, inReplyTo }) => {
    const time = Date.parse(at)
    const byId = BigInt(id) > sinceId && (untilId === undefined || BigInt(id) < untilId)
    // X takes whole seconds, `start_time` included and `end_time` not.
    return byId && time >= start && time < end && !(withoutReplies && inReplyTo !== undefined)
  }
}

/** X keeps the newest 3,200 posts of a timeline within reach. */
const timelineLength = 3200

const timeline: Endpoint = {
  pattern: 'GET /2/users/:id/tweets',
  short: 'timeline',
  answer: (call) => {
    const { network } = call.world
    const userId = call.params['id'] ?? ''
    const account = findAccount(network, userId)
    const size = pageSize(call, { min: 5, max: 100, standard: 10 })
    if (account?.id !== userId) return notFound('user', userId)
    const own = [...network.posts.values()].filter(({ author }) => author.id === userId)
    const all = own.slice(-timelineLength).filter(wanted(call)).toReversed()
    const { shown, nextToken } = page(call, all, size)
    if (shown.length === 0) return json({ meta: { result_count: 0 } })
    const meta = {
      result_count: shown.length,
      newest_id: shown[0]?.id,
      oldest_id: shown.at(-1)?.id,
      ...(nextToken !== undefined && { next_token: nextToken }),
    }
    const data = shown.map((post) => withFields(postObject(network, post), postFields(call)))
    return json({ data, ...expansionsOf(call, shown), meta })
  },
}

export const userEndpoints: readonly Endpoint[] = [me, timeline]
