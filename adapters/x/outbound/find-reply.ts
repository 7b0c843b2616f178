import { z } from 'zod'
import type { XDirectAddress, XPostAddress } from '../../../domain/address.ts'
import { ServiceUnavailable } from '../../../domain/errors.ts'
import type { XApi } from './api.ts'
import { callTimeoutMs } from './client.ts'
import { readFailureOf } from './failures.ts'
import { directText } from './reply-text.ts'

/** X's clock and ours may differ; what is older than this before the attempt is not it, in milliseconds. */
const clockSlackMs = 5_000
const pageSize = 100
const mostPages = 5

const listed = z.object({
  id: z.string(),
  text: z.string().catch(''),
  created_at: z.string().optional().catch(undefined),
  sender_id: z.string().optional().catch(undefined),
  referenced_tweets: z
    .array(z.object({ type: z.string(), id: z.string() }))
    .optional()
    .catch(undefined),
})
type Listed = z.infer<typeof listed>
/** Without `meta` it is no list: X says with 200 and `errors` that it could not make one. */
const page = z.object({
  data: z.array(listed).nullish(),
  meta: z.object({ next_token: z.string().nullish() }),
})

/** What X shows is escaped, may begin with the handles of those who are answered, and may end in an address of its own. */
const comparable = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/^(?:@\w+\s+)+/, '')
    .normalize('NFC')
    .trim()

interface Search {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly isIt: (item: Listed) => boolean
  readonly since: Date
}

/** Lists are newest first, so a page that reaches behind the attempt is the last to look at. */
const reachesBehind = (items: readonly Listed[], since: Date) =>
  items.some(({ created_at: made }) => made !== undefined && Date.parse(made) < since.getTime() - clockSlackMs)

async function search(api: XApi, wanted: Search): Promise<Listed | undefined> {
  let query: Readonly<Record<string, string>> = { ...wanted.query, max_results: String(pageSize) }
  for (let asked = 0; asked < mostPages; asked += 1) {
    const answer = page.safeParse(await api.get(wanted.path, query).catch(toReadFailure))
    if (!answer.success) throw new ServiceUnavailable('x', 'the list cannot be read')
    const items = answer.data.data ?? []
    const found = items.find(wanted.isIt)
    if (found) return found
    const next = answer.data.meta.next_token ?? ''
    if (next === '' || reachesBehind(items, wanted.since)) return undefined
    query = { ...query, pagination_token: next }
  }
  throw new ServiceUnavailable('x', 'there is more than is looked through')
}

const toReadFailure = (error: unknown): never => {
  throw readFailureOf(error)
}

/** A bot answers a post once, so the post that answers it is the reply; X may have changed its text. */
const postSearch = ({ accountId, postId }: XPostAddress, since: Date): Search => ({
  path: `users/${accountId}/tweets`,
  query: { since_id: postId, 'tweet.fields': 'referenced_tweets,in_reply_to_user_id,created_at' },
  since,
  isIt: (item) => item.referenced_tweets?.some(({ type, id }) => type === 'replied_to' && id === postId) === true,
})

/** Nothing ties a direct message to what it answers, so it is known by its text, which is unique per request. */
const directSearch = ({ accountId, participantId }: XDirectAddress, text: string, since: Date): Search => ({
  path: `dm_conversations/with/${participantId}/dm_events`,
  query: { 'dm_event.fields': 'id,text,event_type,created_at,sender_id', event_types: 'MessageCreate' },
  since,
  isIt: (item) =>
    item.sender_id === accountId &&
    comparable(item.text) === comparable(directText(text)) &&
    (item.created_at === undefined || Date.parse(item.created_at) >= since.getTime() - clockSlackMs),
})

/** A look and a post must fit into one attempt, so all pages together get the time of one call. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ServiceUnavailable('x', 'looking took too long')), callTimeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/**
 * The id of an earlier attempt of the reply, made at or after `since`, or `undefined` when it is certainly not there.
 * @throws ServiceUnavailable when X could not be asked within 5 s, or there is more to look through than is reasonable.
 */
export async function findReply(
  api: XApi,
  reply: { readonly address: XPostAddress | XDirectAddress; readonly text: string },
  since: Date,
): Promise<string | undefined> {
  const { address, text } = reply
  const wanted = address.kind === 'x-post' ? postSearch(address, since) : directSearch(address, text, since)
  const found = await inTime(search(api, wanted))
  return found?.id
}
