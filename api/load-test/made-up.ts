import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { ModelInput } from '../../domain/model/preprocessing.ts'
import type { InboundEvent, InboundMessage, InboundRequest } from '../../domain/inbound.ts'

/** What a load test is asked to do. */
export interface LoadTestPlan {
  readonly bot: string
  readonly channel: Extract<ChannelName, 'x' | 'slack'>
  /** What the bot is asked about. */
  readonly input: ModelInput['kind']
  /** Messages per second. */
  readonly rate: number
  readonly seconds: number
  /** The share of messages with a picture, 0 to 1. */
  readonly pictures: number
}

/** A request that a door could have stored, with a message in it. */
export type SyntheticRequest = Extract<InboundEvent, { kind: 'request' }> & {
  readonly request: Extract<InboundRequest, { kind: 'message' }>
}

/** So many people write, and in Slack in so many channels. */
const people = 50
const channels = 20

const questions = [
  'who looks after the date picker?',
  'which team owns the data grid?',
  'where do I report a bug in the tree view?',
  'who can review a change of the charts?',
  'which team does the documentation?',
]

/** Public and private in turn, as people do. The ids say what they are, and no platform has such ids. */
function addressOf({ channel }: LoadTestPlan, id: string, n: number): ReplyAddress {
  const isPublic = n % 2 === 0
  if (channel === 'slack') {
    const channelId = `${isPublic ? 'C' : 'D'}-synthetic-${n % channels}`
    return { kind: 'slack-thread', team: 'T-synthetic', channelId, threadTs: id }
  }
  return isPublic
    ? { kind: 'x-post', accountId: 'synthetic', postId: id }
    : { kind: 'x-direct', accountId: 'synthetic', participantId: `synthetic-${n % people}`, messageId: id }
}

/** Whether message `n` has a picture: spread evenly, so that any stretch has its share. */
const hasPicture = ({ input, pictures }: LoadTestPlan, n: number) =>
  input === 'picture' && Math.floor((n + 1) * pictures) > Math.floor(n * pictures)

/**
 * The `n`th message of a load test as a door would store it, marked synthetic.
 * @param from `id` of the load test, `sentAt` as ISO 8601, and the blobs of the pictures to choose from.
 */
export function madeUpRequest(
  plan: LoadTestPlan,
  n: number,
  from: { readonly id: string; readonly sentAt: string; readonly blobs: readonly string[] },
): SyntheticRequest {
  const { bot, channel, input } = plan
  const id = `synthetic-${from.id}-${n}`
  const picture = hasPicture(plan, n) ? from.blobs[n % from.blobs.length] : undefined
  const message: InboundMessage = {
    bot,
    channel,
    businessKey: `${bot}.${id}`,
    authorId: `synthetic-${n % people}`,
    address: addressOf(plan, id, n),
    text: input === 'text' ? (questions[n % questions.length] ?? '') : 'what is this?',
    pictures: picture === undefined ? [] : [{ id: picture, mimetype: 'image/png', name: `synthetic-${n}.png` }],
    sentAt: from.sentAt,
    synthetic: true,
  }
  const transportKey = `load-test:${bot}:${from.id}:${n}`
  return { kind: 'request', transportKey, eventType: 'load_test', request: { kind: 'message', message } }
}
