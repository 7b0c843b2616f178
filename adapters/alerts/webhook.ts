import { ServiceUnavailable } from '../../domain/errors.ts'

const withinMs = 5_000

/**
 * Tells operators by an outgoing webhook that takes `{"text": …}`, as Slack's incoming webhooks do.
 * @throws ServiceUnavailable when it did not answer with 2xx within 5 s.
 */
export async function tellByWebhook(url: string, text: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    redirect: 'error',
    signal: AbortSignal.timeout(withinMs),
  }).catch(() => undefined)
  await answer?.body?.cancel()
  if (answer?.ok !== true) throw new ServiceUnavailable('the webhook for alerts', `${answer?.status ?? 'no answer'}`)
}
