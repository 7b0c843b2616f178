import { createServer } from 'node:net'

const isFree = (port: number, host: string) =>
  new Promise<number | undefined>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })

/**
 * The preferred port if nobody listens on it, else the next free one; 0 asks for any. Ports in `taken` were given out already.
 * Between the answer and its use somebody else may take it: the server that is started then says so.
 * @throws Error when 200 ports in a row are taken.
 */
export async function freePort(
  preferred: number,
  taken: ReadonlySet<number> = new Set(),
  host = '127.0.0.1',
): Promise<number> {
  for (let offset = 0; offset < 200; offset += 1) {
    const candidate = preferred === 0 ? 0 : preferred + offset
    if (taken.has(candidate) || candidate > 65_535) continue
    const port = await isFree(candidate, host)
    if (port !== undefined && !taken.has(port)) return port
  }
  throw new Error(`no free port from ${preferred} on`)
}

/** Gives out ports one after the other, never one twice. */
export function portGiver(host = '127.0.0.1'): (preferred: number) => Promise<number> {
  const taken = new Set<number>()
  return async (preferred) => {
    const port = await freePort(preferred, taken, host)
    taken.add(port)
    return port
  }
}
