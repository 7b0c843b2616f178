import { createDecoder } from '../decoder.ts'

/* Decodes the picture of its first argument (base64), prints the id of the decoder's child, and ends, or stays when the second one says so. */

const [picture = '', stays] = process.argv.slice(2)
const decoder = createDecoder()
await decoder.decode(Buffer.from(picture, 'base64'))
process.stdout.write(`${decoder.pid() ?? ''}\n`)
if (stays === 'stays') setInterval(() => undefined, 1_000)
