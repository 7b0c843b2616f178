import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { conversationsQueue } from '../domain/keys.ts'
import { quantile } from '../domain/quantile.ts'
import type { Picture, SimulatedPlatform } from '../test/support/platforms/platform.ts'
import { slackPlatform } from '../test/support/platforms/slack.ts'
import { connectClient } from '../test/support/namespaces.ts'
import { type Stack, startStack } from '../test/support/stack.ts'
import type { bareWorkflow } from './shared/bare-workflow.ts'
import { closedLoop, type LoadResult, watchReplies } from './shared/load.ts'

/** Messages are spread over this many channels: Slack allows one post per second and channel. */
const channels = 100
const rounds = 2

/** Asks one question and waits until its answer is visible. */
async function asking(stack: Stack, picture?: Picture) {
  const platform = slackPlatform(stack)
  const watch = await watchReplies(stack.acceptedLogs.slack)
  const once = async (index: number): Promise<void> => {
    const place = `C0BENCH${index % channels}`
    await watch.replied(await platform.ask({ place, pictures: picture ? [picture] : [] }))
  }
  return { once, stop: watch.stop }
}

/** A picture of its own for every run, so that nothing is found in a cache. */
async function drawPicture(): Promise<Picture> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const png = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#fff', noise } })
    .jpeg()
    .toBuffer()
  return { name: 'picture.jpg', base64: png.toString('base64'), mimetype: 'image/jpeg' }
}

/** The peer: workflows with as many activities as a message without a picture has, on the same queue, doing nothing. */
async function bareLoad(
  stack: Stack,
  load: { readonly count: number; readonly inFlight: number },
): Promise<LoadResult> {
  const client = await connectClient(stack.temporal)
  try {
    return await closedLoop(load, async () => {
      await client.workflow.execute<typeof bareWorkflow>('bareWorkflow', {
        workflowId: `bare:${randomUUID()}`,
        taskQueue: conversationsQueue('slack'),
      })
    })
  } finally {
    await client.connection.close()
  }
}

/** Product and peer in turns, so that both meet the same machine; each has the queue to itself. */
async function compare(stack: Stack, load: { readonly count: number; readonly inFlight: number }) {
  const product: LoadResult[] = []
  const bare: LoadResult[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { once, stop } = await asking(stack)
    product.push(await closedLoop(load, once))
    stop()
    await stack.stop('conversations')
    await stack.start('bare worker')
    await bareLoad(stack, { count: 20, inFlight: 10 })
    bare.push(await bareLoad(stack, load))
    await stack.stop('bare worker')
    await stack.start('conversations')
  }
  const mean = (results: readonly LoadResult[]) =>
    Math.round((results.reduce((sum, { perSecond }) => sum + perSecond, 0) / results.length) * 10) / 10
  return { product: product.at(-1), messagesPerSecond: mean(product), bareWorkflowsPerSecond: mean(bare) }
}

/** The doors' answer times while events arrive at a steady rate, whatever happens behind them. */
async function ackTimes(platform: SimulatedPlatform, load: { readonly perSecond: number; readonly seconds: number }) {
  const before = (await platform.deliveries()).length
  const startedAt = performance.now()
  const total = load.perSecond * load.seconds
  for (let index = 0; index < total; index += 1) {
    await sleep(Math.max(0, startedAt + (index * 1000) / load.perSecond - performance.now()))
    void platform.ask({ place: `C0BENCH${index % channels}`, deliveries: { twins: false } })
  }
  await sleep(2_000)
  const times = (await platform.deliveries()).slice(before)
  return {
    count: times.length,
    notOk: times.filter(({ status }) => status !== 200).length,
    p99: Math.round(
      quantile(
        times.map(({ ms }) => ms),
        0.99,
      ),
    ),
  }
}

async function run(say: (line: string) => void) {
  const stack = await startStack({ env: { LOG_LEVEL: 'warn' } })
  try {
    const platform = slackPlatform(stack)
    const warm = await asking(stack)
    await closedLoop({ count: 40, inFlight: 10 }, warm.once)
    const byInFlight: Record<string, LoadResult> = {}
    for (const [inFlight, count] of [
      [1, 40],
      [10, 200],
      [50, 400],
    ] as const) {
      byInFlight[inFlight] = await closedLoop({ count, inFlight }, warm.once)
      say(`${inFlight} in flight: ${JSON.stringify(byInFlight[inFlight])}`)
    }
    warm.stop()
    const compared = await compare(stack, { count: 400, inFlight: 20 })
    say(`beside a bare workflow: ${JSON.stringify(compared)}`)
    const withPicture = await asking(stack, await drawPicture())
    const pictures = {
      1: await closedLoop({ count: 30, inFlight: 1 }, withPicture.once),
      10: await closedLoop({ count: 100, inFlight: 10 }, withPicture.once),
    }
    withPicture.stop()
    say(`with a picture: ${JSON.stringify(pictures)}`)
    const ack = await ackTimes(platform, { perSecond: 50, seconds: 10 })
    return {
      bench: 'messages',
      ratio: Math.round((compared.messagesPerSecond / compared.bareWorkflowsPerSecond) * 100) / 100,
      messagesPerSecond: compared.messagesPerSecond,
      bareWorkflowsPerSecond: compared.bareWorkflowsPerSecond,
      p50: compared.product?.p50,
      p99: compared.product?.p99,
      ackP99: ack.p99,
      ack,
      inFlight: byInFlight,
      pictures,
    }
  } finally {
    await stack.close()
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const result = await run((line) => console.error(line))
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
