import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseXEvent } from './parse-event.ts'
import { account, bot, bytes, direct, parse, post } from '../../test/support/messages/x-events.ts'
import { testBot } from '../../test/support/bots.ts'

const messageOf = (payload: unknown, outer: object = {}) => {
  const parsed = parse(payload, outer)
  return parsed.kind === 'request' && parsed.request.kind === 'message'
    ? parsed.request.message
    : assert.fail(`it is ${parsed.kind}`)
}
const reasonOf = (payload: unknown, outer: object = {}) => {
  const parsed = parse(payload, outer)
  return parsed.kind === 'ignored' ? parsed.reason : parsed.kind
}

void test('a mention is a message to us, in our words', () => {
  assert.deepEqual(parse(post), {
    kind: 'request',
    transportKey: `x:fedora-finder:post.mention.create:${account}:-1997000000000000123`,
    eventType: 'post.mention.create',
    request: {
      kind: 'message',
      message: {
        bot,
        channel: 'x',
        businessKey: 'fedora-finder.1997000000000000123',
        authorId: '42',
        address: { kind: 'x-post', accountId: account, postId: '1997000000000000123' },
        text: 'is this one? https://t.co/abc',
        pictures: [{ id: '3_1', url: 'https://pbs.twimg.com/media/a.jpg' }, { id: '3_2' }],
        sentAt: '2025-12-06T05:46:40.000Z',
      },
    },
  })
})

void test('a direct message is a message to us, with its picture', () => {
  const found = parse(direct, { event_type: 'dm.received' })
  assert.deepEqual(found.kind === 'request' && found.request.kind === 'message' && found.request.message, {
    bot,
    channel: 'x',
    businessKey: 'fedora-finder.1997000000000000200',
    authorId: '42',
    address: { kind: 'x-direct', accountId: account, participantId: '42', messageId: '1997000000000000200' },
    text: 'hat? https://t.co/x',
    pictures: [{ id: '77', url: 'https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg' }],
    sentAt: '2025-12-06T05:46:40.000Z',
  })
})

void test('the mention and the reply event of one post decide alike, share the business key and differ in transport', () => {
  const change = fc.constantFrom<object>(
    {},
    { author_id: account },
    { entities: { mentions: [{ id: '9', username: 'else' }] } },
    { entities: undefined },
    { entities: undefined, text: 'no handle' },
    { entities: undefined, text: 'mail@fedora_finder.example' },
    { referenced_tweets: [{ type: 'retweeted', id: '1' }] },
    { referenced_tweets: [{ type: 'replied_to', id: '1' }], in_reply_to_user_id: account },
    { attachments: undefined },
  )
  fc.assert(
    fc.property(change, fc.string(), (changed, text) => {
      const payload = { ...post, text: `@fedora_finder ${text}`, ...changed }
      const mention = parse(payload)
      const reply = parse(payload, { event_type: 'post.reply.create' })
      assert.equal(mention.kind, reply.kind)
      if (!('transportKey' in mention) || !('transportKey' in reply)) assert.fail('stored by no key')
      assert.notEqual(mention.transportKey, reply.transportKey)
      if (mention.kind === 'request' && reply.kind === 'request') assert.deepEqual(mention.request, reply.request)
    }),
  )
})

void test('without entities the handle is looked for in the text, as a whole word', () => {
  const said = (text: string) => reasonOf({ ...post, text, entities: undefined })
  assert.equal(said('hey @Fedora_Finder!'), 'request')
  assert.equal(said('hey @fedora_finders'), 'not addressed to us')
  assert.equal(said('me@fedora_finder'), 'not addressed to us')
  assert.equal(reasonOf({ ...post, entities: undefined }, { includes: undefined }), 'not addressed to us')
})

void test('a long post is read whole', () => {
  const note_tweet = { text: `${'a'.repeat(300)} @fedora_finder`, entities: post.entities }
  assert.equal(messageOf({ ...post, text: 'aaa…', entities: {}, note_tweet }).text, 'a'.repeat(300))
})

void test('an edit of a post is the same message, answered under its newest version', () => {
  const edited = messageOf({
    ...post,
    id: '1997000000000000999',
    edit_history_tweet_ids: [post.id, '1997000000000000999'],
  })
  assert.equal(edited.businessKey, messageOf(post).businessKey)
  assert.equal(edited.address.kind === 'x-post' && edited.address.postId, '1997000000000000999')
})

void test('what is not for us is ignored with a reason', () => {
  assert.equal(reasonOf({ ...post, author_id: account }, { event_type: 'post.create' }), 'our own post')
  assert.equal(reasonOf({ ...post, referenced_tweets: [{ type: 'retweeted', id: '1' }] }), 'a repost')
  assert.equal(reasonOf({ ...post, entities: { mentions: [{ id: '9', username: 'x' }] } }), 'not addressed to us')
  assert.equal(reasonOf({ sealed: 'e30' }, { event_type: 'chat.received' }), 'not a message')
  assert.equal(reasonOf(undefined, { event_type: 'brand.new.thing', event_uuid: undefined }), 'not a message')
  const [event] = direct.direct_message_events
  const own = { ...event, message_create: { ...event?.message_create, sender_id: account } }
  assert.equal(reasonOf({ direct_message_events: [own] }, { event_type: 'dm.sent' }), 'our own message')
  const typing = { direct_message_events: [{ type: 'message_indicate_typing' }] }
  assert.equal(reasonOf(typing, { event_type: 'dm.received' }), 'not a message')
})

void test('the end of a replay is remembered once', () => {
  const status = { replay_job_status: { webhook_id: '1', job_state: 'Complete', job_id: '2' } }
  const { kind, ...rest } = parseXEvent(bytes(status), testBot())
  assert.equal(kind, 'ignored')
  assert.deepEqual(rest, {
    transportKey: 'x:fedora-finder:replay_job_status:1:2.Complete',
    eventType: 'replay_job_status',
    reason: 'a replay ended: Complete',
  })
})

void test('a post without a time was made when its id says', () => {
  assert.equal(messageOf({ ...post, created_at: undefined }).sentAt, '2025-12-05T17:47:57.122Z')
  assert.equal(messageOf({ ...post, created_at: 'Tue' }).sentAt, '2025-12-05T17:47:57.122Z')
})
