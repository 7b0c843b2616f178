/** What every provisioner gets. */
export interface ProvisionContext {
  /** The data folder; its `cache/` keeps what was fetched. */
  readonly home: string
  /** Tells a person one line of progress. */
  readonly say: (line: string) => void
}

/** `linux-x64`, `darwin-arm64` …: how pins and caches name a machine. */
export const platformKey = `${process.platform}-${process.arch}`

const longMs = 2000

/**
 * Runs `work`; when it takes longer than two seconds, says `text`, and how long it took in the end.
 * Whatever `work` throws is passed on.
 */
export async function withProgress<T>(context: ProvisionContext, text: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now()
  const timer = setTimeout(() => context.say(`${text} …`), longMs)
  try {
    const result = await work()
    const took = Date.now() - start
    if (took > longMs) context.say(`${text}: done in ${(took / 1000).toFixed(1)} s`)
    return result
  } finally {
    clearTimeout(timer)
  }
}
