import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import sharp from 'sharp'
import { testFolder } from '../../infra/local/processes/node-child.ts'
import { createDecoder } from './decoder.ts'

const flat = (side: number) => sharp({ create: { width: side, height: side, channels: 3, background: '#123' } })

/** A picture that takes a moment, and one that does not. */
let large: Uint8Array
let small: Uint8Array
before(async () => {
  large = await flat(4900).png().toBuffer()
  small = await flat(16).png().toBuffer()
})

/** A process that has ended and waits for whoever inherited it to notice (`Z` in proc(5)) runs no more. */
const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A process that decodes one picture and prints the child's id. */
async function startParent(then: 'ends' | 'stays') {
  const program = join(testFolder, 'adapters/media/testing/parent-program.js')
  const parent = spawn(process.execPath, [program, Buffer.from(small).toString('base64'), then], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(parent, 'exit')
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  return { parent, exited, childPid: Number(line.toString()) }
}

async function assertGone(pid: number) {
  for (let tries = 0; tries < 200 && isRunning(pid); tries += 1) await delay(10)
  assert.equal(isRunning(pid), false)
}

describe('the decoder’s child process', () => {
  it('is replaced after it was killed, also when that happened over a picture', async (test) => {
    const decoder = createDecoder()
    test.after(() => decoder.close())
    await decoder.decode(small)
    const killed = decoder.pid()
    assert.ok(killed)
    process.kill(killed, 'SIGKILL')
    assert.equal((await decoder.decode(small)).format, 'png')
    const second = decoder.pid()
    assert.ok(second && second !== killed)
    const inWork = decoder.decode(large)
    await delay(20)
    process.kill(second, 'SIGKILL')
    assert.equal((await inWork).width, 4900)
    assert.notEqual(decoder.pid(), second)
  })

  it('costs a picture its answer only when a second child ends over it', async (test) => {
    const decoder = createDecoder()
    test.after(() => decoder.close())
    await decoder.decode(small)
    const seen = new Set<number>()
    const killer = setInterval(() => {
      const pid = decoder.pid()
      if (pid !== undefined && seen.size < 2 && !seen.has(pid)) {
        seen.add(pid)
        process.kill(pid, 'SIGKILL')
      }
    }, 5)
    test.after(() => clearInterval(killer))
    const first = decoder.decode(large)
    const behind = decoder.decode(small)
    await assert.rejects(first, { code: 'InputRefused', refusal: 'unreadable' })
    assert.equal((await behind).width, 16)
    assert.equal(seen.size, 2)
  })

  it('is killed over a picture that takes too long, and the next picture gets a fresh one', async (test) => {
    const decoder = createDecoder({ limits: { pictureMs: 15 } })
    test.after(() => decoder.close())
    await assert.rejects(decoder.decode(large), { code: 'InputRefused', refusal: 'unreadable' })
    assert.equal(decoder.pid(), undefined)
    const patient = createDecoder()
    test.after(() => patient.close())
    assert.equal((await patient.decode(large)).width, 4900)
  })

  it('that does not start is this machine’s fault and not the picture’s', async (test) => {
    const decoder = createDecoder({ limits: { startMs: 1 } })
    test.after(() => decoder.close())
    await assert.rejects(decoder.decode(small), { code: 'ServiceUnavailable', retryable: true })
  })

  it('ends with the decoder, which takes no more pictures', async () => {
    const decoder = createDecoder()
    await decoder.decode(small)
    const pid = decoder.pid()
    assert.ok(pid)
    const answers = Promise.allSettled([decoder.decode(large), decoder.decode(small)])
    await decoder.close()
    for (const answer of await answers) assert.equal(answer.status, 'rejected')
    await assertGone(pid)
    await assert.rejects(decoder.decode(small), { code: 'ServiceUnavailable' })
  })

  it('lets its parent end by itself, and ends with it', async () => {
    const { exited, childPid } = await startParent('ends')
    assert.deepEqual(await exited, [0, null])
    await assertGone(childPid)
  })

  it('ends when its parent is killed', async () => {
    const { parent, exited, childPid } = await startParent('stays')
    assert.equal(isRunning(childPid), true)
    parent.kill('SIGKILL')
    await exited
    await assertGone(childPid)
  })

  it('is given no environment of its parent', { skip: process.platform !== 'linux' }, async (test) => {
    const decoder = createDecoder()
    test.after(() => decoder.close())
    await decoder.decode(small)
    const environment = await readFile(`/proc/${decoder.pid() ?? 0}/environ`, 'utf8')
    const names = environment.split('\0').map((line) => line.split('=')[0] ?? '')
    const ours = /^(?:VIPS_WARNING|MALLOC_ARENA_MAX|NODE_CHANNEL_.*|)$/
    assert.deepEqual(
      names.filter((name) => !ours.test(name)),
      [],
    )
  })
})
