import { connect, createServer, type Socket } from 'node:net'

/** A line to a database, which can be cut: to those who use it, the server has been killed. */
export interface DatabaseLine {
  /** The database's URL over this line. */
  readonly url: string
  /** Breaks every connection, and every new one from then on. */
  readonly cut: () => void
  readonly mend: () => void
  readonly close: () => Promise<void>
}

/** Opens a line; it is cut from the beginning when `isCut`. */
export async function openDatabaseLine(
  databaseUrl: string,
  { isCut = false }: { readonly isCut?: boolean } = {},
): Promise<DatabaseLine> {
  const to = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isWhole = !isCut
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    if (!isWhole) return void near.destroy()
    const far = connect({ host: to.hostname, port: Number(to.port) })
    keep(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  const cut = () => {
    isWhole = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cut,
    mend: () => void (isWhole = true),
    close: () => {
      cut()
      return new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
