import { createHash } from 'node:crypto'
import type { Stamp } from '../wire/ledger.ts'
import type { Picture } from '../wire/pictures.ts'
import type { XApp } from './apps.ts'
import type { XRecord } from './records.ts'

/** An account. `id` is decimal, `handle` without the @. */
export interface Account {
  readonly id: string
  readonly handle: string
}

export interface Media {
  /** As in `3_1234`: the part after the underscore is the media's id. */
  readonly key: string
  readonly name: string
  readonly mimetype: string
  readonly content: Buffer
  gone: boolean
}

export interface Post {
  readonly id: string
  readonly author: Account
  readonly text: string
  readonly inReplyTo: string | undefined
  readonly conversationId: string
  readonly media: readonly Media[]
  /** Whether events tell the addresses of the media. */
  readonly mediaUrls: boolean
  readonly negativeUuid: boolean
  readonly at: string
}

export interface DirectMessage {
  readonly id: string
  readonly from: Account
  readonly to: Account
  readonly text: string
  readonly media: readonly Media[]
  readonly negativeUuid: boolean
  readonly at: string
}

/** What is visible: the sum of all records. Posts and messages are in order, oldest first. */
export interface Network {
  readonly accounts: Map<string, Account>
  readonly posts: Map<string, Post>
  readonly messages: Map<string, DirectMessage>
  readonly media: Map<string, Media>
  readonly pictures: Map<string, Picture>
  newestId: bigint
}

const botAccounts = (apps: readonly XApp[]) =>
  apps.map(({ accountId, handle }) => [handle.toLowerCase(), { id: accountId, handle }] as const)

export const emptyNetwork = (apps: readonly XApp[]): Network => ({
  accounts: new Map(botAccounts(apps)),
  posts: new Map(),
  messages: new Map(),
  media: new Map(),
  pictures: new Map(),
  newestId: 0n,
})

/** X counts milliseconds from 2010-11-04T01:42:54.657Z. */
const epochMs = 1_288_834_974_657n

/** A snowflake: milliseconds, then 22 bits; larger than every one before. */
export function nextId(network: Network): string {
  const byTime = (BigInt(Date.now()) - epochMs) << 22n
  const id = byTime > network.newestId ? byTime : network.newestId + 1n
  network.newestId = id
  return `${id}`
}

/** A person's id comes from the handle, so that it is the same after a restart. */
const personId = (handle: string): string =>
  `${1_000_000_000_000_000_000n + (BigInt(`0x${createHash('sha256').update(handle.toLowerCase()).digest('hex').slice(0, 15)}`) % 700_000_000_000_000_000n)}`

/** The account with this handle (with or without @), made on first use. */
export function accountByHandle(network: Network, name: string): Account {
  const handle = name.replace(/^@/, '')
  const known = network.accounts.get(handle.toLowerCase())
  if (known) return known
  const account = { id: personId(handle), handle }
  network.accounts.set(handle.toLowerCase(), account)
  return account
}

/** The account with this id or handle, if there is one. */
export function findAccount(network: Network, idOrHandle: string): Account | undefined {
  const byHandle = network.accounts.get(idOrHandle.replace(/^@/, '').toLowerCase())
  return byHandle ?? [...network.accounts.values()].find(({ id }) => id === idOrHandle)
}

type MediaRecord = Extract<XRecord, { method: '_sim/posts' }>['media'][number]

function storeMedia(network: Network, records: readonly MediaRecord[]): readonly Media[] {
  return records.map(({ key, name, mimetype, base64 }) => {
    const media: Media = { key, name, mimetype, content: Buffer.from(base64, 'base64'), gone: false }
    network.media.set(key, media)
    return media
  })
}

function seen(network: Network, id: string): void {
  if (BigInt(id) > network.newestId) network.newestId = BigInt(id)
}

type PostRecord = Extract<XRecord, { method: 'POST /2/tweets' | '_sim/posts' }>
type MessageRecord = Exclude<Extract<XRecord, { from: string }>, PostRecord>

function addPost(network: Network, record: PostRecord, at: string): void {
  const { id, author, text, inReplyTo } = record
  const fromPerson = record.method === '_sim/posts'
  const parent = inReplyTo === undefined ? undefined : network.posts.get(inReplyTo)
  seen(network, id)
  network.posts.set(id, {
    id,
    author: accountByHandle(network, author),
    text,
    inReplyTo,
    conversationId: parent?.conversationId ?? id,
    media: fromPerson ? storeMedia(network, record.media) : [],
    mediaUrls: fromPerson ? record.mediaUrls : true,
    negativeUuid: fromPerson && record.negativeUuid,
    at,
  })
}

function addMessage(network: Network, record: MessageRecord, at: string): void {
  const { id, from, to, text } = record
  const fromPerson = record.method === '_sim/messages'
  seen(network, id)
  network.messages.set(id, {
    id,
    from: accountByHandle(network, from),
    to: accountByHandle(network, to),
    text,
    media: fromPerson ? storeMedia(network, record.media) : [],
    negativeUuid: fromPerson && record.negativeUuid,
    at,
  })
}

function clear(network: Network, apps: readonly XApp[]): void {
  for (const map of [network.accounts, network.posts, network.messages, network.media, network.pictures]) map.clear()
  for (const [handle, account] of botAccounts(apps)) network.accounts.set(handle, account)
}

/** Brings the network to where it is after the record. */
export function apply(
  network: Network,
  apps: readonly XApp[],
  change: { readonly record: XRecord; readonly stamp: Stamp },
): void {
  const { record, stamp } = change
  switch (record.method) {
    case 'POST /2/tweets':
    case '_sim/posts':
      addPost(network, record, stamp.at)
      return
    case 'POST /2/dm_conversations/with/:participant_id/messages':
    case '_sim/messages':
      addMessage(network, record, stamp.at)
      return
    case 'DELETE /2/tweets/:id':
      network.posts.delete(record.id)
      return
    case '_sim/media': {
      const media = network.media.get(record.key)
      if (media) media.gone = record.gone
      return
    }
    case '_sim/pictures':
      network.pictures.set(record.picture.path, record.picture)
      return
    case '_sim/reset':
      clear(network, apps)
  }
}
