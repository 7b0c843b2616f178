import { untilItAnswers } from '../../infra/until-it-answers.ts'
import { assertDurable, type Db, isOutage } from '../../store/db.ts'
import type { OpenBots } from '../../workers/bots/open-bots.ts'
import type { ProcessContext } from '../../workers/process.ts'

/** The first time that the database answers: until then nothing may be taken, nor read with labels that are not known yet. */
export interface FirstContact {
  /** Resolves when it was made, tries to make it when it was not, and rejects while the database is down. */
  readonly made: () => Promise<void>
  /**
   * Tries once, and behind that until it is made.
   * @throws UnsafeDatabase, and what the server says against this process, such as a wrong password.
   */
  readonly begin: () => Promise<void>
}

export function firstContact(
  { log, stopping, fail }: Pick<ProcessContext, 'log' | 'stopping' | 'fail'>,
  { db, bots }: { readonly db: Db; readonly bots: Pick<OpenBots, 'refresh'> },
): FirstContact {
  let trying: Promise<void> | undefined
  const attempt = async () => {
    // Side by side, so that both together fail within the time of one, and a door can say so before its caller gives up.
    await Promise.all([assertDurable(db), bots.refresh()])
  }
  const made = () =>
    (trying ??= attempt().catch((error: unknown) => {
      trying = undefined
      throw error
    }))
  const begin = async (): Promise<void> => {
    try {
      await made()
    } catch (error) {
      if (!isOutage(error)) throw error
      const server = { name: 'PostgreSQL', ask: made, isOutage }
      untilItAnswers(server, { log, stopping }).catch((late: unknown) => {
        if (!stopping.aborted) fail(late)
      })
    }
  }
  return { made, begin }
}
