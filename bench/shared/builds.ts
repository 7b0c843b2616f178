import { randomBytes } from 'node:crypto'
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { z } from 'zod'
import { builtFolder, repositoryRoot, runJob } from '../../infra/local/processes/node-child.ts'
import { testSettings } from '../../test/support/settings.ts'
import type { Stack } from '../../test/support/stack.ts'

/* Two builds of the product: the one that was built, and one after it whose workflows are changed. */

export type Mode = 'off' | 'pinned'

/** The roles whose workers run workflows: these are what a deploy replaces here. */
const roles = ['conversations', 'learning'] as const

export interface Build {
  readonly folder: string
  /** The services of its workers: of two builds, both may run. */
  readonly services: readonly ['conversations', 'learning'] | readonly ['next conversations', 'next learning']
  /** What whoever deploys does: new workflows begin with this build. @returns its id. */
  readonly makeCurrent: (stack: Stack, roles?: readonly string[]) => Promise<string>
}

const made = z.object({ versions: z.array(z.object({ buildId: z.string() })).min(1) })

const makeCurrentFrom =
  (folder: string) =>
  async (stack: Stack, which: readonly string[] = [...roles, 'inference', 'training']): Promise<string> => {
    const done = await runJob('make-current', {
      file: join(folder, 'workers/make-current.js'),
      args: ['--roles', which.join(',')],
      env: stack.environment,
      logFile: join(testSettings().folder, 'make-current.log'),
      readyTimeoutMs: 180_000,
      noteIn: join(testSettings().folder, 'processes'),
    })
    return made.parse(done).versions[0]?.buildId ?? ''
  }

/** What was built of these sources. */
export const thisBuild: Build = {
  folder: builtFolder,
  services: ['conversations', 'learning'],
  makeCurrent: makeCurrentFrom(builtFolder),
}

const changedWorkflows = {
  off: new URL('../../test/guards/fixtures/next-patched.ts', import.meta.url),
  pinned: new URL('../../test/guards/fixtures/next-pinned.ts', import.meta.url),
} as const

/** A copy of what was built, with other workflows in it. */
export async function makeNextBuild(mode: Mode): Promise<Build & { readonly remove: () => Promise<void> }> {
  const home = join(testSettings().folder, `next-${randomBytes(4).toString('hex')}`)
  const folder = join(home, 'dist')
  await mkdir(home, { recursive: true })
  const tests = join(builtFolder, 'test')
  await cp(builtFolder, folder, { recursive: true, filter: (path) => path !== tests })
  await symlink(join(repositoryRoot, 'node_modules'), join(home, 'node_modules'))
  const workflowsPath = fileURLToPath(changedWorkflows[mode])
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
  await writeFile(join(folder, 'workflows', 'bundle.js'), code)
  return {
    folder,
    services: ['next conversations', 'next learning'],
    makeCurrent: makeCurrentFrom(folder),
    remove: () => rm(home, { recursive: true, force: true }),
  }
}

/**
 * Deploys a build. Unversioned, its workers replace the others; pinned, they run beside them, and it is made current.
 * @returns its id, empty when unversioned.
 */
export async function replaceBuild(
  stack: Stack,
  { mode, build }: { readonly mode: Mode; readonly build: Build },
): Promise<string> {
  const others = build === thisBuild ? (['next conversations', 'next learning'] as const) : thisBuild.services
  if (mode === 'off') for (const name of others) if (stack.runs(name)) await stack.stop(name)
  await Promise.all(
    build.services.filter((name) => !stack.runs(name)).map((name) => stack.start(name, {}, build.folder)),
  )
  return mode === 'off' ? '' : build.makeCurrent(stack, roles)
}
