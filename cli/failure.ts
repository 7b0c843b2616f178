/** Thrown when a command could not do its work (exit code 1); `next` is what to do about it. */
export class CommandFailed extends Error {
  readonly code = 'CommandFailed'
  readonly next: string
  constructor(message: string, next: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandFailed'
    this.next = next
  }
}

/** Thrown when the operator API refuses what was asked, with its HTTP status. */
export class ApiRefused extends CommandFailed {
  readonly status: number
  constructor(status: number, message: string, next: string) {
    super(message, next)
    this.status = status
  }
}

/** Thrown when no operator API answers: nothing runs, or not there. */
export class NothingAnswers extends CommandFailed {}

/** Thrown when a command was written wrongly (exit code 2); `next` is how to write it. */
export class WrongUse extends Error {
  readonly code = 'WrongUse'
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.name = 'WrongUse'
    this.next = next
  }
}

export const exitCodes = { done: 0, failed: 1, wrongUse: 2 } as const
