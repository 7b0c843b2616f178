import { z } from 'zod'
import { runStandalone } from '../wire/standalone.ts'
import { xAppShape } from './apps.ts'
import { createXSimulator } from './simulator.ts'

await runStandalone({ name: 'X', defaultPort: 8082 }, ({ port, dataFolder, apps }) =>
  createXSimulator({ port, dataFolder, apps: z.array(xAppShape).parse(apps) }),
)
