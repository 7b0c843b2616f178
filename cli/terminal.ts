/** One stream of a terminal or a pipe; what of `NodeJS.WriteStream` is needed. */
export interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly getColorDepth?: () => number
  readonly write: (text: string) => unknown
}

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'
const codes: Readonly<Record<Colour, string>> = {
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
  dim: '2',
  bold: '1',
}

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal {
  /** A line of the result. */
  readonly say: (line?: string) => void
  /** The result as one JSON value. */
  readonly json: (value: unknown) => void
  /** A line for the person that is no result. */
  readonly note: (line: string) => void
  /** What is going on: replaced by the next one on a terminal, said once elsewhere; `undefined` takes it away. */
  readonly progress: (line: string | undefined) => void
  /** Whether a person sees the progress change in place. */
  readonly watched: boolean
  /** The text in a colour, where the terminal has colours and NO_COLOR is not set. */
  readonly paint: (colour: Colour, text: string) => string
}

/**
 * Makes text from elsewhere harmless: control characters could move the cursor, set colours or rename the window, and
 * characters that turn the direction of writing could disguise a line. Line ends become spaces, unless they are kept.
 */
export function harmless(text: string, options: { readonly keepLines?: boolean } = {}): string {
  const lines = options.keepLines === true ? text.replaceAll(/\r\n?/g, '\n') : text.replaceAll(/\s+/g, ' ')
  return lines.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (found) => (found === '\n' ? found : '�'))
}

/** Node's colour depth is 1 without a terminal and when NO_COLOR is set. */
const hasColours = (stream: Stream) => stream.isTTY === true && (stream.getColorDepth?.() ?? 1) > 1

/** A terminal over two streams. */
export function createTerminal(out: Stream, err: Stream): Terminal {
  let shown = false
  let told: string | undefined
  const clear = () => {
    if (shown) err.write('\r\u001b[2K')
    shown = false
  }
  return {
    say: (line = '') => {
      clear()
      out.write(`${line}\n`)
    },
    json: (value) => {
      clear()
      out.write(`${JSON.stringify(value)}\n`)
    },
    note: (line) => {
      clear()
      err.write(`${line}\n`)
    },
    progress: (line) => {
      clear()
      if (line === undefined) return
      if (err.isTTY === true) {
        err.write(line.slice(0, (err.columns ?? 80) - 1))
        shown = true
      } else if (line !== told) err.write(`${line}\n`)
      told = line
    },
    watched: err.isTTY === true,
    paint: (colour, text) => (hasColours(out) ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text),
  }
}
