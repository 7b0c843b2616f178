/** Tells a person what happens. */
export interface Narrator {
  /** A line that stays. */
  readonly say: (line: string) => void
  /** A line that the next one replaces on a terminal; elsewhere it is said only when it says something new after a while. */
  readonly status: (line: string) => void
}

/** Everything of `NodeJS.WriteStream` that is needed, so that a test can listen. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

const statusEveryMs = 5000

/** A narrator that writes to `output`; carriage returns only where a person watches a terminal. */
export function createNarrator(output: Output, now: () => number = Date.now): Narrator {
  let open = false
  let last = Number.NEGATIVE_INFINITY
  const clear = () => {
    if (open) output.write('\r\u001b[2K')
    open = false
  }
  return {
    say: (line) => {
      clear()
      output.write(`${line}\n`)
    },
    status: (line) => {
      if (output.isTTY === true) {
        clear()
        output.write(line.slice(0, (output.columns ?? 80) - 1))
        open = true
      } else if (now() - last >= statusEveryMs) {
        last = now()
        output.write(`${line}\n`)
      }
    },
  }
}
