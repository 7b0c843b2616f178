import { z } from 'zod'
import type { Plan } from './plan.ts'

const link = z.object({ url: z.url() })

/**
 * A link that signs this machine's administrator in, once, within 10 minutes. Without one the page itself says how to get in.
 */
export async function signInLink(plan: Plan): Promise<string> {
  const answer = await fetch(`${plan.urls.api}/api/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${plan.secrets.adminToken}` },
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined)
  const parsed = link.safeParse(await answer?.json().catch(() => undefined))
  return parsed.success ? parsed.data.url : plan.urls.api
}
