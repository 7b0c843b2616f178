import { ApplicationFailure } from '@temporalio/common'

const textOf = (error: object, key: string): string | undefined => {
  const value: unknown = key in error ? error[key as keyof typeof error] : undefined
  return typeof value === 'string' ? value : undefined
}

const permanent = (type: string, message: string) => ApplicationFailure.create({ type, message, nonRetryable: true })

/**
 * What ends a retrain, told in our own words. `models/` and `adapters/` name their faults by code: an invalid dataset, a loss
 * that is no number and a full disk do not get better by trying again; a trainer that was killed or ran out of memory goes on
 * from its checkpoint.
 */
function learningFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = textOf(error, 'code')
  const reason = textOf(error, 'reason')
  if (code === 'ENOSPC' || reason === 'ENOSPC' || error.message.endsWith(': ENOSPC'))
    return permanent('DiskFull', 'the disk is full')
  if (code === 'InvalidDataset') return permanent('InvalidDataset', error.message)
  if (code === 'NotANumber' || reason === 'NotANumber')
    return permanent('NotANumber', 'the loss became something that is no number')
  if (code === 'TrainingFailed') return ApplicationFailure.create({ type: code, message: error.message })
  return error
}

/** Wraps an activity: what it throws becomes a failure that `learningFailure` names. */
export const inOurWords =
  <Request, Result>(activity: (request: Request) => Promise<Result>) =>
  async (request: Request): Promise<Result> => {
    try {
      return await activity(request)
    } catch (error) {
      throw learningFailure(error)
    }
  }
