import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { PictureDownload } from '../../../domain/channel.ts'
import { isForbiddenToRead, readFailureOf } from './failures.ts'

const profile = z.object({
  profile: z.looseObject({ image_512: z.url().nullish(), image_original: z.url().nullish() }),
})

/** A person's picture in Slack, if there is one and we may see it. @throws ServiceUnavailable when Slack could not be asked. */
export async function portraitOf(client: WebClient, user: string): Promise<PictureDownload | undefined> {
  const answer = await client.users.profile.get({ user }).catch((error: unknown) => {
    if (isForbiddenToRead(error)) return undefined
    throw readFailureOf(error)
  })
  const found = profile.safeParse(answer)
  const url = found.success ? (found.data.profile.image_original ?? found.data.profile.image_512) : undefined
  return url ? { url, headers: {} } : undefined
}
