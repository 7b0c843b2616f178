import { parseXEvent } from '../../../adapters/x/parse-event.ts'
import { testBot } from '../bots.ts'

/* A mention with pictures as X's Activity API delivers it, for tests of the door's parser. */

export const bot = 'fedora-finder'
export const account = '1600000000000000001'
export const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

export const post = {
  id: '1997000000000000123',
  text: '@fedora_finder is this one? https://t.co/abc',
  author_id: '42',
  created_at: '2025-12-06T05:46:40.000Z',
  edit_history_tweet_ids: ['1997000000000000123'],
  entities: { mentions: [{ username: 'fedora_finder', id: account, start: 0, end: 14 }] },
  attachments: { media_keys: ['3_1', '3_2', '7_3'] },
}
const includes = {
  users: [{ id: account, username: 'fedora_finder' }],
  media: [
    { media_key: '3_1', type: 'photo', url: 'https://pbs.twimg.com/media/a.jpg' },
    { media_key: '7_3', type: 'video' },
  ],
}
export const activity = (payload: unknown, outer: object = {}) => ({
  data: {
    event_uuid: '-1997000000000000123',
    filter: { user_id: account },
    event_type: 'post.mention.create',
    payload,
    includes,
    ...outer,
  },
})
export const parse = (payload: unknown, outer: object = {}) =>
  parseXEvent(bytes(activity(payload, outer)), testBot({ name: bot }))

/** A direct message with a picture. */
export const direct = {
  direct_message_events: [
    {
      type: 'message_create',
      id: '1997000000000000200',
      created_timestamp: '1765000000000',
      message_create: {
        target: { recipient_id: account },
        sender_id: '42',
        message_data: {
          text: 'hat? https://t.co/x',
          attachment: {
            type: 'media',
            media: {
              id_str: '77',
              type: 'photo',
              media_url_https: 'https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg',
            },
          },
        },
      },
    },
  ],
  users: {},
}
