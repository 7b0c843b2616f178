import { bytes, problem } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import type { World } from '../world.ts'

/** The bytes that were sent: the body itself, or the first file in a multipart form (RFC 7578). */
function contentOf({ headers, body }: Exchange): Buffer | undefined {
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return body
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(type) ?? []
  const boundary = `\r\n--${quoted ?? plain ?? ''}`
  const whole = Buffer.concat([Buffer.from('\r\n'), body])
  for (let at = whole.indexOf(boundary); at >= 0; at = whole.indexOf(boundary, at + 1)) {
    const start = whole.indexOf('\r\n\r\n', at + boundary.length)
    const end = whole.indexOf(boundary, at + 1)
    if (start < 0 || end < start) return undefined
    if (/;\s*filename\*?=/i.test(whole.toString('latin1', at, start))) return whole.subarray(start + 4, end)
  }
  return undefined
}

/** Takes a file at the address that `files.getUploadURLExternal` gave out. Sending it again changes nothing that is visible. */
export function receiveUpload(world: World, exchange: Exchange): Reply {
  const token = exchange.path.slice('/upload/v1/'.length)
  const upload = [...world.uploads.values()].find((one) => one.token === token)
  if (upload === undefined || exchange.method !== 'POST') return problem(404, 'There is no such upload', 'ask for one')
  const content = contentOf(exchange)
  if (content?.length !== upload.length)
    return problem(400, 'This is not the file', `its length was said to be ${upload.length}`)
  upload.content = content
  return bytes(Buffer.from(`OK - ${content.length}`), 'text/plain')
}
