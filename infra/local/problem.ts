/** Thrown when this machine lacks something that a person can put right; `next` is what to do, in one or two lines. */
export class LocalProblem extends Error {
  readonly code = 'LocalProblem'
  readonly next: string
  constructor(message: string, next: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LocalProblem'
    this.next = next
  }
}

/** What went wrong, in words for a person, whatever was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
