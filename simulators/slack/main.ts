import { z } from 'zod'
import { runStandalone } from '../wire/standalone.ts'
import { slackAppShape } from './apps.ts'
import { createSlackSimulator } from './simulator.ts'

await runStandalone({ name: 'Slack', defaultPort: 8081 }, ({ port, dataFolder, apps }) =>
  createSlackSimulator({ port, dataFolder, apps: z.array(slackAppShape).parse(apps) }),
)
