import { spawn } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { configOfThisProcess, inheritedEnvironment } from '../infra/config.ts'
import { repositoryRoot } from '../infra/local/processes/node-child.ts'
import { readRunFile } from '../infra/local/processes/run-file.ts'
import { eventually, replyTo, type SimulatedPlatform } from '../test/support/platforms/platform.ts'
import { hatPicture } from '../test/whole-way/pictures.ts'
import { xPlatform } from '../test/support/platforms/x.ts'

/** The processes that are killed, by their names in `run.json`. */
const killed = ['api', 'conversations', 'models'] as const
const limitMs = 20 * 60_000

async function urlsOf(home: string) {
  const { api = '', slackSimulator: slack = '', xSimulator: x = '' } = (await readRunFile(home))?.urls ?? {}
  return { api, slack, x }
}

/** `npm start` on a data folder of its own, and what was downloaded before. */
async function startProduct() {
  const home = await mkdtemp(join(tmpdir(), 'understudy-restarts-'))
  await symlink(resolve(configOfThisProcess().home, 'cache'), join(home, 'cache'))
  const child = spawn(process.execPath, [join(repositoryRoot, 'infra/local/bootstrap.mjs'), 'start'], {
    env: { ...inheritedEnvironment(), UNDERSTUDY_HOME: home },
    // Its words go where progress goes: standard output is the figures' alone.
    stdio: ['ignore', 2, 2],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const died = ended.then(() => Promise.reject(new Error('npm start ended; its own words are above')))
  const up = eventually(
    async () => {
      const urls = await urlsOf(home)
      const ready = await fetch(`${urls.api}/health/ready`).catch(() => undefined)
      return ready?.ok ? xPlatform({ urls }) : undefined
    },
    { timeoutMs: limitMs, what: 'the product' },
  )
  const platform = await Promise.race([up, died])
  died.catch(() => undefined)
  const stop = async () => {
    child.kill('SIGINT')
    await ended
    await rm(home, { recursive: true, force: true })
  }
  return { home, platform, stop }
}

const median = (values: readonly number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0
const seconds = (ms: number) => Math.round(ms / 100) / 10

/** A question that every process takes part in. */
const askWithPicture = async (platform: SimulatedPlatform) =>
  platform.ask({ text: 'are you there?', pictures: [await hatPicture(`restarts ${Math.random()}`)] })

/** Asks again and again, as somebody does who reads that it could not be accepted, until a door is open. */
const untilDoorsAreOpen = (api: string) =>
  eventually(async () => (await fetch(`${api}/health/live`).catch(() => undefined))?.ok === true || undefined, {
    timeoutMs: 120_000,
    what: 'the doors',
  })

/**
 * Kills a process as `kill -9` does; milliseconds until a new message is answered. X tells again after a minute of what a closed door did
 * not take, so one is written as soon as the doors are open; with the other processes that is at once.
 */
async function killAndAsk({ home, platform }: Awaited<ReturnType<typeof startProduct>>, name: string) {
  const { pid } = (await readRunFile(home))?.processes.find((each) => each.name === name) ?? {}
  if (pid === undefined) throw new Error(`${name} does not run`)
  process.kill(-pid, 'SIGKILL')
  const start = performance.now()
  await untilDoorsAreOpen((await urlsOf(home)).api)
  await replyTo(platform, await askWithPicture(platform), 120_000)
  const ms = performance.now() - start
  // The next one dies in health, not on its way up.
  await eventually(
    async () => (await readRunFile(home))?.processes.find((each) => each.name === name && each.pid !== pid),
    {
      timeoutMs: 120_000,
      what: `${name} in run.json`,
    },
  )
  await sleep(31_000)
  return ms
}

export async function main(): Promise<void> {
  const options = { times: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ options })
  const product = await startProduct()
  const result: Record<string, { readonly medianSeconds: number; readonly worstSeconds: number }> = {}
  try {
    await replyTo(product.platform, await askWithPicture(product.platform), limitMs)
    for (const name of killed) {
      const times: number[] = []
      for (let index = 0; index < Number(values.times); index += 1) times.push(await killAndAsk(product, name))
      result[name] = { medianSeconds: seconds(median(times)), worstSeconds: seconds(Math.max(...times)) }
      console.error(`${name}: ${JSON.stringify(result[name])}`)
    }
  } finally {
    await product.stop()
  }
  const told = { bench: 'restarts', times: Number(values.times), untilANewMessageIsAnswered: result }
  console.log(values.json ? JSON.stringify(told) : JSON.stringify(told, undefined, 2))
}
