import { ModelNotReady } from '../../domain/errors.ts'

export interface BatchLimits {
  /** At most this many in one call. */
  readonly maxBatch: number
  /** How long the first one waits for company. */
  readonly maxDelayMs: number
}

/** Collects single questions into batches. */
export interface Batcher<Input, Output> {
  /** @throws what answering this very input throws; another one's fault is not its own. */
  ask(input: Input): Promise<Output>
  /** Lets the batch that is being answered end. @throws to those that still wait: ModelNotReady. */
  close(): Promise<void>
}

interface Waiting<Input, Output> {
  readonly input: Input
  readonly resolve: (output: Output) => void
  readonly reject: (error: unknown) => void
}

type Answer<Input, Output> = (inputs: readonly Input[]) => Promise<readonly Output[]>

async function answerOne<Input, Output>(answer: Answer<Input, Output>, one: Waiting<Input, Output>): Promise<void> {
  try {
    const [output] = await answer([one.input])
    if (output === undefined) throw new ModelNotReady('it gave no answer')
    one.resolve(output)
  } catch (error) {
    one.reject(error)
  }
}

async function answerAll<Input, Output>(
  answer: Answer<Input, Output>,
  batch: readonly Waiting<Input, Output>[],
): Promise<void> {
  const outputs = await answer(batch.map(({ input }) => input)).catch(() => undefined)
  if (outputs?.length === batch.length) {
    for (const [index, { resolve }] of batch.entries()) resolve(outputs[index] as Output)
    return
  }
  // One input can fail a whole batch; asked one by one, each gets the error that is its own.
  for (const one of batch) await answerOne(answer, one)
}

/**
 * Answers many callers by few calls of `answer`: a batch goes when it is full or its first input has waited long enough.
 * One call at a time, first come first served.
 * @throws RangeError when a batch could hold nothing.
 */
export function createBatcher<Input, Output>(
  answer: Answer<Input, Output>,
  limits: BatchLimits,
): Batcher<Input, Output> {
  if (!(limits.maxBatch >= 1)) throw new RangeError('a batch holds one input or more')
  let waiting: Waiting<Input, Output>[] = []
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let closed = false

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (running !== undefined || waiting.length === 0) return
    const batch = waiting.slice(0, limits.maxBatch)
    waiting = waiting.slice(limits.maxBatch)
    running = answerAll(answer, batch).finally(() => {
      running = undefined
      flush()
    })
  }
  return {
    ask: (input) =>
      new Promise<Output>((resolve, reject) => {
        if (closed) {
          reject(new ModelNotReady('it is being shut down'))
          return
        }
        waiting.push({ input, resolve, reject })
        if (waiting.length >= limits.maxBatch) flush()
        else if (running === undefined) timer ??= setTimeout(flush, limits.maxDelayMs)
      }),
    close: async () => {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(new ModelNotReady('it is being shut down'))
      clearTimeout(timer)
      await running
    },
  }
}
