import { runProcess } from '../workers/process.ts'
import { startApi } from './wiring/start-api.ts'

await runProcess('api', startApi)
