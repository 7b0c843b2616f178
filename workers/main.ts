import { parseArgs } from 'node:util'
import type { NativeConnection } from '@temporalio/worker'
import { createLogger } from '../infra/logger.ts'
import { connectWorkers, installRuntime } from '../infra/temporal.ts'
import { families } from '../models/families/index.ts'
import { openNetworks } from './open-models.ts'
import { type ProcessContext, type Role, runProcess } from './process.ts'

/** What a process can do. Each is loaded when it is asked for: TensorFlow is nothing that a relay should wait for. */
const roles: Readonly<Record<string, () => Promise<Role>>> = {
  relay: async () => (await import('./relay.ts')).startRelay,
  conversations: async () => (await import('./conversations.ts')).startConversations,
  inference: async () => (await import('./inference.ts')).startInference,
  learning: async () => (await import('./learning.ts')).startLearning,
  training: async () => (await import('./training.ts')).startTraining,
}

/** The roles that the command line names; a string is what is wrong with it. */
function rolesAsked(args: readonly string[]): readonly string[] | string {
  const known = `Known roles: ${Object.keys(roles).join(', ')}; several are separated by commas.`
  try {
    const { values } = parseArgs({ args: [...args], options: { roles: { type: 'string' } }, strict: true })
    const asked = [...new Set((values.roles ?? '').split(',').map((role) => role.trim()))]
    const unknown = asked.filter((role) => !Object.hasOwn(roles, role))
    return unknown.length === 0
      ? asked
      : `${unknown[0] ? `There is no role ${unknown[0]}.` : '--roles names none.'} ${known}`
  } catch {
    return `Say --roles and nothing else. ${known}`
  }
}

/** One connection to Temporal for all workers of this process, opened by the first. */
function sharedConnection({ config, log, onRelease, stopping }: ProcessContext): () => Promise<NativeConnection> {
  let opening: Promise<NativeConnection> | undefined
  const open = async () => {
    installRuntime(log)
    const connection = await connectWorkers(config, log, { stopping })
    onRelease(() => connection.close())
    return connection
  }
  return () => (opening ??= open())
}

const asked = rolesAsked(process.argv.slice(2))
if (typeof asked === 'string') {
  process.stderr.write(`${asked}\n`)
  process.exitCode = 2
} else
  await runProcess(asked.join('+'), async (context) => {
    const shared = { families, networks: openNetworks(context), temporal: sharedConnection(context) }
    const starts = asked.map(async (name) => {
      const start = await roles[name]?.()
      await start?.({ ...context, ...shared, log: createLogger(name, context.config.logLevel) })
    })
    await Promise.all(starts)
    return {}
  })
