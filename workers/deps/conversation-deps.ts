import type { ActionDeps } from '../../activities/actions/actions.ts'
import type { ConversationDeps } from '../../activities/conversations.ts'
import type { CorrectionDeps } from '../../activities/corrections/corrections.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { createDecoder } from '../../adapters/media/decoder.ts'
import { createDownloader, simulatorDialer } from '../../adapters/media/download.ts'
import type { Bot, ChannelName } from '../../domain/bot.ts'
import type { CorrectionRules } from '../../domain/correction.ts'
import type { Config } from '../../infra/config.ts'
import { openTemporalClient } from '../../infra/temporal-client.ts'
import * as choices from '../../store/messages/choices.ts'
import * as corrections from '../../store/corrections/corrections.ts'
import * as counting from '../../store/corrections/count-vote.ts'
import * as media from '../../store/messages/media.ts'
import * as messages from '../../store/messages/messages.ts'
import * as optOuts from '../../store/people/opt-outs.ts'
import * as questions from '../../store/corrections/questions.ts'
import * as replies from '../../store/messages/replies.ts'
import * as scores from '../../store/messages/scores.ts'
import * as profiles from '../../store/people/profiles.ts'
import * as assignments from '../../store/rollouts/assignments.ts'
import * as recordings from '../../store/rollouts/replays/recordings.ts'
import * as servingSets from '../../store/versions/serving-sets.ts'
import * as versions from '../../store/versions/versions.ts'
import * as votes from '../../store/corrections/votes.ts'
import { openChannels } from '../bots/channels.ts'
import { killPoint } from './kill-point.ts'
import { botByName, openBots } from '../bots/open-bots.ts'
import { peopleDeps } from './people-deps.ts'
import { openDurable } from '../open-durable.ts'
import type { ProcessContext } from '../process.ts'
import { blobsUrlOf, simulatorOf } from '../settings.ts'

function dialerOf(config: Config): ReturnType<typeof simulatorDialer> {
  const slackUrl = simulatorOf(config.slackApiUrl)
  const xUrl = simulatorOf(config.xApiUrl)
  return simulatorDialer({ ...(slackUrl && { slackUrl }), ...(xUrl && { xUrl }) })
}

/** Where people look at a message: the address that platforms reach, else this machine's own. */
const linkTo =
  ({ publicUrl, host, port }: Config) =>
  (messageId: string): string =>
    `${publicUrl?.replace(/\/+$/, '') ?? `http://${host}:${port}`}/conversations/${messageId}`

/** What people say on the real X is learned from only when the operator says so (DESIGN.md rule 8). */
const learnsFrom =
  ({ xApiUrl, learnFromX }: Config) =>
  (channel: ChannelName): boolean =>
    channel !== 'x' || learnFromX || simulatorOf(xApiUrl) !== undefined

/** How votes are counted. Nobody on a simulated X is a stranger, as everybody there may be learned from. */
const rulesIn =
  ({ xApiUrl }: Config, botOf: (name: string) => Bot) =>
  (name: string): CorrectionRules => {
    const { corrections: rules } = botOf(name)
    return simulatorOf(xApiUrl) === undefined ? rules : { ...rules, knownForMs: { ...rules.knownForMs, x: 0 } }
  }

/** Everything that the activities of conversations and corrections stand on. */
export async function openConversationDeps(
  context: ProcessContext,
  bots: readonly Bot[],
): Promise<ConversationDeps & CorrectionDeps & ActionDeps> {
  const { config, log, onRelease } = context
  const db = await openDurable(context)
  const temporal = openTemporalClient(config)
  onRelease(temporal.close)
  const botOf = botByName(await openBots(context, db, bots))
  const decoder = createDecoder()
  onRelease(() => decoder.close())
  const downloader = createDownloader({ dialer: dialerOf(config) })
  onRelease(() => downloader.close())
  const channelOf = openChannels(context)
  return {
    ...peopleDeps(config, { db, botOf, channelOf }),
    operations: { db, stories: () => Promise.resolve(temporal.stories), log, at: killPoint(config.killAt) },
    db,
    messages,
    media,
    optOuts,
    servingSets,
    versions,
    profiles,
    choices,
    replies,
    scores,
    recordings,
    assignments,
    channelOf,
    botOf,
    corrections,
    counting,
    votes,
    questions,
    rulesOf: rulesIn(config, botOf),
    learnsFrom: learnsFrom(config),
    linkTo: linkTo(config),
    downloader,
    decoder,
    blobs: openBlobs(blobsUrlOf(config)),
    castVotesOn: async (messageId) => {
      for (const vote of await votes.votesWaitingFor(db, messageId)) await temporal.stories.castVote(vote)
    },
    tellCoordinator: temporal.stories.tellCoordinator,
    at: killPoint(config.killAt),
    clock: () => performance.now(),
  }
}
