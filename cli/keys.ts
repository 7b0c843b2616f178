/** Single key presses of a terminal, without Enter. */
export interface Keys {
  /** The next key; `undefined` after Ctrl-C or Ctrl-D. */
  readonly next: () => Promise<string | undefined>
  /** Gives the terminal back as it was. */
  readonly close: () => void
}

/** Listens to the keys of the terminal that the command runs in. */
export function openKeys(): Keys {
  const { stdin } = process
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return {
    next: () =>
      new Promise((resolve) => {
        stdin.once('data', (key) => {
          const text = String(key)
          resolve(text === '\u0003' || text === '\u0004' ? undefined : text.toLowerCase())
        })
      }),
    close: () => {
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}
