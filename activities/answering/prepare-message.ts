import type { Blobs } from '../../adapters/blobs/files.ts'
import type { Decoder } from '../../adapters/media/decoder.ts'
import type { Downloader } from '../../adapters/media/download.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Channel, PictureRequest } from '../../domain/channel.ts'
import { InputRefused } from '../../domain/errors.ts'
import { normaliseText, pictureInput } from '../../domain/model/preprocessing.ts'
import type { RefusalCode } from '../../domain/refusals.ts'
import type { PlacedRefusal } from '../../domain/words/reply-text.ts'
import { keepFile } from '../../store/corrections/questions.ts'
import { normalisedPictureOf, savePicture } from '../../store/messages/media.ts'
import { messageById, type StoredMessage as Stored } from '../../store/messages/messages.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { areCalibrated } from '../../store/versions/versions.ts'
import type { MessageRef, Prepared, PreparedInput } from '../contract.ts'
import type { PostDeps } from '../post-once.ts'
import { canaryShares, recordDecoy } from './record-decoy.ts'
import { heedOptOut } from './opt-out.ts'
import { heedTurnCap } from './turn-cap.ts'

export interface PrepareDeps extends Pick<PostDeps, 'db' | 'botOf' | 'channelOf'> {
  readonly downloader: Downloader
  readonly decoder: Decoder
  readonly blobs: Blobs
}

/** More pictures than this in one message are not looked at. */
const mostPictures = 10

const channelFor = (deps: PrepareDeps, { message }: Stored): Channel =>
  deps.channelOf(message.bot, message.synthetic === true ? 'http' : message.channel)

async function bytesOf(deps: PrepareDeps, bot: Bot, request: PictureRequest): Promise<Uint8Array> {
  if ('sha256' in request) return deps.blobs.get(request.sha256)
  if (request.typed === true && bot.mediaHosts !== 'public' && bot.mediaHosts.length === 0)
    throw new InputRefused('link-not-allowed')
  return deps.downloader.download(request, { allowHosts: request.typed === true ? bot.mediaHosts : 'public' })
}

/** Fetches, checks and decodes one picture; the original and the normalised form are kept by SHA-256. */
async function keepPicture(
  deps: PrepareDeps,
  bot: Bot,
  use: { request: PictureRequest; place: Place },
): Promise<string> {
  const original = await bytesOf(deps, bot, use.request)
  const picture = await deps.decoder.decode(original)
  const [sha256, normalised] = await Promise.all([deps.blobs.put(original), deps.blobs.put(picture.pixels)])
  await savePicture(
    deps.db,
    { sha256, format: picture.format, bytes: original.byteLength, width: picture.width, height: picture.height },
    { ...use.place, normalised: { preprocessingVersion: pictureInput.version, sha256: normalised } },
  )
  if ('fileId' in use.request) await keepFile(deps.db, use.place, use.request.fileId)
  return normalised
}

interface Place {
  readonly messageId: string
  readonly position: number
}

interface Inputs {
  readonly inputs: readonly PreparedInput[]
  readonly refused: readonly PlacedRefusal[]
}

/** What earlier attempts kept of the message's own pictures, if they kept all. */
async function keptPictures(deps: PrepareDeps, { id, message }: Stored): Promise<readonly PreparedInput[] | undefined> {
  const count = Math.max(1, Math.min(message.pictures.length, mostPictures))
  const inputs: PreparedInput[] = []
  for (let position = 0; position < count; position += 1) {
    const kept = await normalisedPictureOf(deps.db, { messageId: id, position }, pictureInput.version)
    if (kept === undefined) return undefined
    inputs.push({ position, inputSha256: kept })
  }
  return inputs
}

/** Every picture of a message: those that can be used, and why the others cannot. One that fails for a while throws. */
async function pictureInputs(deps: PrepareDeps, stored: Stored, bot: Bot): Promise<Inputs> {
  const { message } = stored
  if (message.pictures.length === 0 && message.subject === undefined) throw new InputRefused('no-picture')
  const kept = await keptPictures(deps, stored)
  if (kept !== undefined) return { inputs: kept, refused: [] }
  const requests = (await channelFor(deps, stored).picturesOf(message)).slice(0, mostPictures)
  if (requests.length === 0) throw new InputRefused('no-picture')
  const inputs: PreparedInput[] = []
  const refused: PlacedRefusal[] = []
  for (const [position, request] of requests.entries()) {
    try {
      const inputSha256 = await keepPicture(deps, bot, { request, place: { messageId: stored.id, position } })
      inputs.push({ position, inputSha256 })
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error
      refused.push({ position, refusal: error.refusal })
    }
  }
  const [first] = refused
  if (inputs.length === 0 && first) throw new InputRefused(first.refusal)
  return { inputs, refused }
}

async function textInput(deps: PrepareDeps, { message }: Stored): Promise<Inputs> {
  const text = normaliseText(message.text)
  if (text === '') throw new InputRefused('no-text')
  return { inputs: [{ position: 0, inputSha256: await deps.blobs.put(Buffer.from(text, 'utf8')) }], refused: [] }
}

/** Where a person falls between 0 and 1: the first 32 bits of our own random id of them. */
const shareOf = (personId: string): number => Number.parseInt(personId.slice(0, 8), 16) / 2 ** 32

/** A form for a picture, where none was found and the request can still open one. */
async function withForm(deps: PrepareDeps, stored: Stored, refusal: RefusalCode): Promise<RefusalCode> {
  const { message } = stored
  const { triggerId, address } = message
  if (refusal !== 'no-picture' || triggerId === undefined || !('channelId' in address)) return refusal
  const { words } = deps.botOf(message.bot)
  const kind = message.subject?.kind === 'portrait' ? 'match' : 'predict'
  const form = { kind, title: message.bot, prompt: words.refusals['no-picture'] } as const
  const context = JSON.stringify({ channelId: address.channelId, intent: message.intent })
  return (await channelFor(deps, stored).openForm(triggerId, { ...form, context })) ? 'form-opened' : refusal
}

async function ready(deps: PrepareDeps, stored: Stored): Promise<Prepared> {
  const bot = deps.botOf(stored.message.bot)
  const { inputs, refused } =
    bot.input.kind === 'text' ? await textInput(deps, stored) : await pictureInputs(deps, stored, bot)
  // Recorded before what serves is read: whatever is recorded later than a version came in was put to it.
  const unit = await recordDecoy(deps.db, stored, { bot, inputs })
  const set = await servingSetOf(deps.db, bot.name)
  const members = set?.members ?? []
  const needsCalibration = set?.policy === 'highest-confidence'
  return {
    kind: 'ready',
    inputs,
    refused,
    intent: stored.message.intent ?? 'ask',
    members,
    policy: set?.policy ?? bot.policy,
    calibrated: !needsCalibration || (await areCalibrated(deps.db, bot.name, members)),
    share: shareOf(stored.personId),
    ...(await canaryShares(deps.db, stored, { members, unit })),
    moderated: bot.input.moderated && stored.message.synthetic !== true,
    asking: { below: bot.unsureBelow, share: bot.peopleChannel === undefined ? 0 : bot.askShare },
  }
}

/** `prepareMessage`: bad input becomes a refusal, everything else that goes wrong is retried. */
export const createPrepareMessage =
  (deps: PrepareDeps) =>
  async ({ messageId }: MessageRef): Promise<Prepared> => {
    const stored = await messageById(deps.db, messageId)
    const heeded = (await heedOptOut(deps, stored)) ?? (await heedTurnCap(deps, stored.message))
    if (heeded !== undefined) return heeded
    if (stored.refusal !== null) return { kind: 'refused', refusal: stored.refusal }
    try {
      return await ready(deps, stored)
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error
      return { kind: 'refused', refusal: await withForm(deps, stored, error.refusal) }
    }
  }
