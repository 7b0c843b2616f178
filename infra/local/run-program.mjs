// Runs a bench, proof or story that was built: `main`, where it exports one; else what it does when it is loaded.
import { pathToFileURL } from 'node:url'

const [file] = process.argv.splice(2, 1)
const { main } = await import(pathToFileURL(file).href)
await main?.()
