/** A person's wish that everything stops: a signal, or the end of the process that started this one. */
export interface StopRequest {
  readonly signal: AbortSignal
  /** The result of `work`, or a rejection that `isStop` knows as soon as the wish comes. */
  readonly orElse: <T>(work: Promise<T>) => Promise<T>
  readonly isStop: (error: unknown) => boolean
  /** What to do when the wish is repeated: the person does not want to wait. */
  readonly onSecond: (act: () => void) => void
  /** The end of whoever reads our words (`npm start | head`) is a wish to stop, too; without this it would end us at once. */
  readonly whenGone: (listener: Listener) => void
}

/** One Ctrl-C arrives several times: from the terminal, from npm and from the process that started us. */
const sameWishMs = 500
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

class StopWished extends Error {
  readonly code = 'StopWished'
}

/** What of a process is listened to. */
export interface SignalSource {
  readonly on: (event: NodeJS.Signals | 'disconnect', listener: () => void) => unknown
}

/** Where is written to; its end is noticed by an error. */
export interface Listener {
  readonly on: (event: 'error', listener: () => void) => unknown
}

/** Listens for the wish on `source` (the process); a repeated one after half a second calls `onSecond` and exits with 130. */
export function stopRequest(
  source: SignalSource,
  exit: (code: number) => void = (code) => process.exit(code),
): StopRequest {
  const wish = new AbortController()
  let impatient = (): void => undefined
  let first = 0
  const heard = () => {
    if (!wish.signal.aborted) {
      first = Date.now()
      wish.abort(new StopWished('it was asked to stop'))
    } else if (Date.now() - first > sameWishMs) {
      impatient()
      exit(130)
    }
  }
  for (const name of signals) source.on(name, heard)
  // Nobody is there any more to press Ctrl-C.
  const gone = () => {
    if (!wish.signal.aborted) heard()
  }
  source.on('disconnect', gone)
  const wished = new Promise<never>((_resolve, reject) =>
    wish.signal.addEventListener('abort', () => reject(new StopWished('it was asked to stop'))),
  )
  wished.catch(() => undefined)
  return {
    signal: wish.signal,
    orElse: (work) => Promise.race([work, wished]),
    isStop: (error) =>
      error instanceof StopWished || (wish.signal.aborted && error instanceof Error && error.name === 'AbortError'),
    onSecond: (act) => (impatient = act),
    whenGone: (listener) => listener.on('error', gone),
  }
}
