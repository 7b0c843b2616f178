import { request } from 'node:http'

/** What a host of the platform answered. */
interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly type: string | undefined
  readonly length: string | undefined
  readonly body: Buffer
}

/** As the downloader does it, for tests: to the simulator, with the Host of the platform. */
export const fetchAs = (base: string, url: string, token?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { host, pathname, search } = new URL(url)
    const headers = { host, ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    request(base + pathname + search, { headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const { location, 'content-type': type, 'content-length': length } = response.headers
        resolve({ status: response.statusCode ?? 0, location, type, length, body: Buffer.concat(parts) })
      })
    })
      .on('error', reject)
      .end()
  })
