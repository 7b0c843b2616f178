import { families } from '../models/families/index.ts'
import { runProcess } from '../workers/process.ts'
import { startApi } from './wiring/start-api.ts'

await runProcess('api', (context) => startApi(context, families))
