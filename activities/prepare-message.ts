import type { Blobs } from '../adapters/blobs/files.ts'
import type { Decoder } from '../adapters/media/decoder.ts'
import type { Downloader } from '../adapters/media/download.ts'
import type { ChannelName } from '../domain/bot.ts'
import type { Channel } from '../domain/channel.ts'
import { InputRefused } from '../domain/errors.ts'
import { pictureInput } from '../domain/preprocessing.ts'
import type { Db } from '../store/db.ts'
import type * as media from '../store/media.ts'
import type * as messages from '../store/messages.ts'
import type * as servingSets from '../store/serving-sets.ts'
import type { MessageRef, Prepared } from './contract.ts'

export interface PrepareDeps {
  readonly db: Db
  readonly messages: Pick<typeof messages, 'messageById'>
  readonly media: Pick<typeof media, 'normalisedPictureOf' | 'savePicture'>
  readonly servingSets: Pick<typeof servingSets, 'servingSetOf'>
  readonly channelOf: (bot: string, channel: ChannelName) => Channel
  readonly downloader: Downloader
  readonly decoder: Decoder
  readonly blobs: Blobs
}

/** The normalised picture of a message, made once: an attempt after a kill finds what the one before it kept. */
async function normalisedInput(deps: PrepareDeps, stored: messages.StoredMessage): Promise<string> {
  const place = { messageId: stored.id, position: 0 }
  if (stored.message.pictures.length === 0) throw new InputRefused('no-picture')
  const kept = await deps.media.normalisedPictureOf(deps.db, place, pictureInput.version)
  if (kept !== undefined) return kept

  const channel = deps.channelOf(stored.message.bot, stored.message.channel)
  const [request] = await channel.picturesOf(stored.message)
  if (request === undefined) throw new InputRefused('no-picture')
  const original = await deps.downloader.download(request, { allowHosts: 'public' })
  const picture = await deps.decoder.decode(original)
  const [sha256, normalised] = await Promise.all([deps.blobs.put(original), deps.blobs.put(picture.pixels)])
  await deps.media.savePicture(
    deps.db,
    { sha256, format: picture.format, bytes: original.byteLength, width: picture.width, height: picture.height },
    { ...place, normalised: { preprocessingVersion: pictureInput.version, sha256: normalised } },
  )
  return normalised
}

/** `prepareMessage`: bad input becomes a refusal, everything else that goes wrong is retried. */
export const createPrepareMessage =
  (deps: PrepareDeps) =>
  async ({ messageId }: MessageRef): Promise<Prepared> => {
    const stored = await deps.messages.messageById(deps.db, messageId)
    try {
      const inputSha256 = await normalisedInput(deps, stored)
      const set = await deps.servingSets.servingSetOf(deps.db, stored.message.bot)
      return { kind: 'ready', inputSha256, members: set?.members ?? [], policy: set?.policy ?? 'primary-then-best' }
    } catch (error) {
      if (error instanceof InputRefused) return { kind: 'refused', refusal: error.refusal }
      throw error
    }
  }
