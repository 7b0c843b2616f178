import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { testSettings } from './settings.ts'

/**
 * A namespace of the shared Temporal server that nobody else in this run has: whoever makes its folder has it.
 * @throws Error when all are taken.
 */
export async function takeNamespace(): Promise<string> {
  const folder = join(testSettings().folder, 'namespaces')
  await mkdir(folder, { recursive: true })
  for (let index = 0; index < 60; index += 1) {
    const name = `test-${index}`
    const isMine = await mkdir(join(folder, name)).then(
      () => true,
      () => false,
    )
    if (isMine) return name
  }
  throw new Error('all namespaces of the shared Temporal server are taken; infra/local/test/ground.ts makes them')
}

/** A client of the Temporal server and namespace that a stack or a test has. */
export async function connectClient({
  address,
  namespace,
}: {
  readonly address: string
  readonly namespace: string
}): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address }), namespace })
}
