import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { PictureRequest } from '../../../domain/channel.ts'
import { InputRefused, ServiceUnavailable } from '../../../domain/errors.ts'
import type { PictureRef } from '../../../domain/inbound.ts'
import { codeOf, isForbiddenToRead, readFailureOf } from './failures.ts'

/** A file has no address until it was scanned (node-slack-sdk#2040) or while it is a stub of another workspace, in milliseconds. */
const waitsBetweenLooks: readonly number[] = [200, 600, 1_200]

const gone: ReadonlySet<string> = new Set(['file_not_found', 'file_deleted'])

const fileInfo = z.object({
  file: z.object({
    mode: z.string().nullish(),
    size: z.int().nonnegative().optional().catch(undefined),
    url_private: z.string().nullish(),
    url_private_download: z.string().nullish(),
  }),
})

type Address = Pick<PictureRef, 'url' | 'bytes'>

async function look(client: WebClient, file: string): Promise<Address> {
  const answer = await client.files.info({ file }).catch((error: unknown) => {
    if (gone.has(codeOf(error) ?? '')) throw new InputRefused('gone')
    // The same words as for a sign-in page: the bot may not read files here.
    if (isForbiddenToRead(error)) throw new InputRefused('login-page')
    throw readFailureOf(error)
  })
  const parsed = fileInfo.safeParse(answer)
  if (!parsed.success) throw new ServiceUnavailable('slack', 'the file cannot be read')
  const { mode, size, url_private: shown, url_private_download: download } = parsed.data.file
  if (mode === 'tombstone' || mode === 'hidden_by_limit') throw new InputRefused('gone')
  const url = [download, shown].find((address) => address)
  return { ...(url && { url }), ...(size !== undefined && { bytes: size }) }
}

async function askForAddress(client: WebClient, file: string): Promise<Address> {
  for (const wait of waitsBetweenLooks) {
    const found = await look(client, file)
    if (found.url !== undefined) return found
    await sleep(wait)
  }
  throw new ServiceUnavailable('slack', 'the file has no address yet')
}

/** Only Slack's own hosts, as they are: anything else in the address would carry the token away. */
function checkedAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const ours = url?.hostname === 'slack.com' || url?.hostname.endsWith('.slack.com') === true
  if (!url || !ours || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    throw new InputRefused('forbidden-address')
  return url.href
}

/**
 * How to fetch one file of a message: its private address, with the bot's token.
 * @throws InputRefused `forbidden-address` when the file is not on a host of Slack, `gone` when it was deleted, `login-page`
 * when the bot may not read it.
 * @throws ServiceUnavailable when Slack had to be asked for the address and could not be, or does not have it yet.
 */
export async function slackPicture(client: WebClient, token: string, picture: PictureRef): Promise<PictureRequest> {
  const found: Address = picture.url === undefined ? await askForAddress(client, picture.id) : picture
  return {
    url: checkedAddress(found.url ?? ''),
    headers: { authorization: `Bearer ${token}` },
    fileId: picture.id,
    ...(found.bytes !== undefined && { announcedBytes: found.bytes }),
  }
}
