import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseSlackEvent } from './parse-event.ts'
import { bot, bytes, envelope, parse, person } from '../../test/support/messages/slack-events.ts'
import { testBot } from '../../test/support/bots.ts'

const messageOf = (event: object, outer: object = {}) => {
  const parsed = parse(event, outer)
  return parsed.kind === 'request' && parsed.request.kind === 'message'
    ? parsed.request.message
    : assert.fail(`it is ${parsed.kind}`)
}
const reasonOf = (event: object, outer: object = {}) => {
  const parsed = parse(event, outer)
  return parsed.kind === 'ignored' ? parsed.reason : parsed.kind
}

void test('a mention in a channel is a message to us, in our words', () => {
  assert.deepEqual(parse(person), {
    kind: 'request',
    transportKey: 'slack:fedora-finder:Ev1',
    eventType: 'message',
    request: {
      kind: 'message',
      message: {
        bot,
        channel: 'slack',
        businessKey: 'fedora-finder.T1.C024BE91L.1765000000.000200',
        authorId: 'U2147483697',
        address: { kind: 'slack-thread', team: 'T1', channelId: 'C024BE91L', threadTs: '1765000000.000200' },
        text: 'is this a &lt;fedora&gt;?',
        pictures: [],
        sentAt: '2025-12-06T05:46:40.000Z',
      },
    },
  })
})

void test('the handshake is answered with its challenge', () => {
  assert.deepEqual(parseSlackEvent(bytes({ type: 'url_verification', token: 't', challenge: '3eZbrw' }), testBot()), {
    kind: 'challenge',
    challenge: '3eZbrw',
  })
})

void test('a message and its app_mention twin decide alike and share the business key', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('<@U0BOT> hat?', 'hi <@U0BOT|bot>!', '<@U9> hat?', 'U0BOT', '<@U0BOT'),
  )
  const extra = fc.constantFrom(
    {},
    { bot_id: 'B1' },
    { hidden: true },
    { user: 'U0BOT' },
    { edited: { user: 'U1', ts: '1765000001.000100' } },
    { thread_ts: '1764999999.000100' },
    { files: [{ id: 'F1', mimetype: 'image/png' }] },
  )
  fc.assert(
    fc.property(text, extra, (said, more) => {
      const one = parse({ ...person, text: said, ...more })
      const mention = { ...person, text: said, ...more, type: 'app_mention', channel_type: undefined }
      const twin = parse(mention, { event_id: 'Ev2' })
      assert.equal(one.kind, twin.kind)
      if (one.kind === 'request' && twin.kind === 'request') {
        assert.deepEqual(one.request, twin.request)
        assert.notEqual(one.transportKey, twin.transportKey)
      }
    }),
  )
})

void test('a direct message needs no mention, a channel message does', () => {
  assert.equal(messageOf({ ...person, channel: 'D1', channel_type: 'im', text: 'hat?' }).text, 'hat?')
  assert.equal(messageOf({ ...person, channel: 'X1', channel_type: 'im', text: null }).text, '')
  assert.equal(reasonOf({ ...person, text: 'hat?' }), 'not addressed to us')
  assert.equal(reasonOf({ ...person, text: '<@U0BOTX> hat?' }), 'not addressed to us')
  assert.equal(reasonOf({ ...person, channel_type: 'mpim', channel: 'G1', text: 'hat?' }), 'not addressed to us')
})

void test('a mention of the person who installed the app is no mention of the bot', () => {
  assert.equal(reasonOf(person, { authorizations: [{ user_id: 'U0BOT', is_bot: false }] }), 'not addressed to us')
  assert.equal(reasonOf(person, { authorizations: undefined }), 'not addressed to us')
})

void test('what no person wrote just now is ignored with a reason', () => {
  assert.equal(reasonOf({ ...person, hidden: true }), 'hidden')
  assert.equal(reasonOf({ ...person, bot_id: 'B1' }), 'not written by a person')
  assert.equal(reasonOf({ ...person, subtype: 'channel_join' }), 'not written by a person')
  assert.equal(reasonOf({ ...person, user: undefined }), 'not written by a person')
  assert.equal(reasonOf({ ...person, user: 'U0BOT' }), 'our own message')
  assert.equal(reasonOf({ ...person, app_id: 'A0' }), 'our own message')
  assert.equal(reasonOf({ type: 'reaction_added' }), 'not a message')
})

void test('shared files and thread broadcasts are messages, answered in the thread they belong to', () => {
  assert.equal(
    messageOf({ ...person, subtype: 'file_share' }).businessKey,
    'fedora-finder.T1.C024BE91L.1765000000.000200',
  )
  const broadcast = messageOf({ ...person, subtype: 'thread_broadcast', thread_ts: '1764999999.000100' })
  assert.equal(broadcast.address.kind === 'slack-thread' && broadcast.address.threadTs, '1764999999.000100')
})

void test('the workspace is the one that the bot is installed in, not the one that the author comes from', () => {
  const key = (outer: object) => messageOf(person, outer).businessKey.split('.')[1]
  assert.equal(
    key({ context_team_id: 'T3', authorizations: [{ team_id: 'T2', user_id: 'U0BOT', is_bot: true }] }),
    'T3',
  )
  assert.equal(key({ authorizations: [{ team_id: 'T2', user_id: 'U0BOT', is_bot: true }] }), 'T2')
  assert.equal(key({ authorizations: [{ team_id: null, user_id: 'U0BOT', is_bot: true }] }), 'T1')
})

void test('pictures are files that are pictures or may turn out to be', () => {
  const files = [
    {
      id: 'F1',
      mimetype: 'image/png',
      size: 12,
      url_private: 'https://files.slack.com/a',
      url_private_download: 'https://files.slack.com/b',
    },
    { id: 'F2', mimetype: 'application/pdf', url_private: 'https://files.slack.com/c' },
    { id: 'F3', mimetype: '', size: -1, url_private: 'https://files.slack.com/d' },
    { id: 'F4', mode: 'file_access', file_access: 'check_file_info' },
    { name: 'without an id' },
    null,
  ]
  assert.deepEqual(messageOf({ ...person, files }).pictures, [
    { id: 'F1', url: 'https://files.slack.com/b', mimetype: 'image/png', bytes: 12 },
    { id: 'F3', url: 'https://files.slack.com/d' },
    { id: 'F4' },
  ])
})

void test('app_rate_limited and unknown types have no event id and are still told apart', () => {
  const limited = (minute: number) =>
    parseSlackEvent(
      bytes({ type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: minute, api_app_id: 'A0' }),
      testBot(),
    )
  assert.deepEqual(limited(1_765_000_020), limited(1_765_000_020))
  assert.notDeepEqual(limited(1_765_000_020), limited(1_765_000_080))
  const unknown = parseSlackEvent(bytes({ type: 'function_executed_v9', of: 1 }), testBot())
  assert.equal(unknown.kind, 'ignored')
  assert.notDeepEqual(unknown, parseSlackEvent(bytes({ type: 'function_executed_v9', of: 2 }), testBot()))
})

void test('a text that PostgreSQL would refuse is mended', () => {
  assert.equal(messageOf({ ...person, text: '<@U0BOT> a\0b \ud83d c 🎩' }).text, 'ab \ufffd c 🎩')
})

void test('a bot that listens answers open questions, not other talk, and not what somebody else is asked', () => {
  const listening = testBot({ listensTo: ['who', 'which team', 'where'] })
  const said = (text: string) => {
    const body = bytes({ ...envelope, event: { ...person, text } })
    const parsed = parseSlackEvent(body, listening)
    return parsed.kind === 'ignored' ? parsed.reason : parsed.kind
  }
  for (const text of ['who looks after the date picker?', 'Which team owns this', 'do you know where that is?'])
    assert.equal(said(text), 'request', text)
  for (const text of ['lunch at twelve!', 'whoever comes, comes', 'I know who did it.', '<@U0OTHER> who is that?'])
    assert.equal(said(text), 'not addressed to us', text)
})

void test('an edit that mentions us only now is read as if written so; one that changes nothing is ignored', () => {
  const edit = (before: string, after: string) =>
    reasonOf({
      type: 'message',
      subtype: 'message_changed',
      channel: 'C024BE91L',
      ts: '1765000009.000100',
      message: { ...person, text: after, edited: { user: person.user, ts: '1765000008.000000' } },
      previous_message: { ...person, text: before },
    })
  assert.equal(edit('hat?', '<@U0BOT> hat?'), 'request')
  assert.equal(edit('<@U0BOT> hat?', '<@U0BOT> hat?'), 'an edit that changes nothing')
})

void test('a message that was taken back is a deletion of what we kept of it', () => {
  const deleted = {
    type: 'message',
    subtype: 'message_deleted',
    channel: 'C024BE91L',
    deleted_ts: person.ts,
    hidden: true,
  }
  const parsed = parse(deleted)
  assert(parsed.kind === 'request' && parsed.request.kind === 'deletion')
  assert.equal(parsed.request.deletion.of, messageOf(person).businessKey)
})
