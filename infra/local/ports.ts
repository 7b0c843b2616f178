import getPort from 'get-port'

/** How far from the preferred port is looked before any port will do. */
const near = 200

/**
 * The preferred port if nobody listens on it, else the next free one; 0 asks for any. A port is given once only, whoever in this
 * process asks. Between the answer and its use another process may take it: the server that is started then says so.
 */
export async function freePort(preferred: number): Promise<number> {
  const host = '127.0.0.1'
  if (preferred === 0) return await getPort({ host, reserve: true })
  // The library's own ranges begin at 1024, but a server on port 80 may be wanted.
  const port = Array.from({ length: near }, (_, offset) => preferred + offset).filter((each) => each <= 65_535)
  return await getPort({ host, port, reserve: true })
}

/** Gives out ports one after the other, never one twice. */
export const portGiver = () => freePort
