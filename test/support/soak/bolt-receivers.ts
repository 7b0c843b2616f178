import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App, ExpressReceiver, HTTPReceiver, LogLevel } from '@slack/bolt'
import { testBot } from '../bots.ts'
import { doorApp, doorSecrets } from './door-app.ts'

/** A request as it goes over the wire; a header that is absent is not sent. */
export interface Sent {
  readonly body: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/** The status with which each of the three answers the same bytes. */
export interface Statuses {
  readonly http: number
  readonly express: number
  readonly ours: number
}

/** Slack's own receivers and our door, side by side, with one signing secret (`doorSecrets.slack`). */
export interface Receivers {
  readonly statuses: (sent: Sent) => Promise<Statuses>
  /** The transport keys that our door has committed since this was last asked. */
  readonly stored: () => readonly string[]
  readonly close: () => Promise<void>
}

const path = '/slack/fedora-finder/events'
const nothing = () => undefined
const quiet = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
}

/** An app that acknowledges whatever its receiver lets through. */
function acknowledging<R extends HTTPReceiver | ExpressReceiver>(receiver: R): R {
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botToken: 'xoxb-bolt', botId: 'B0BOLT', botUserId: 'U0BOLT' }),
    logger: quiet,
  })
  app.event(/.*/, () => Promise.resolve())
  return receiver
}

async function listen(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, close: () => new Promise((closed) => server.close(closed)) }
}

const statusOf = (server: string, sent: Sent): Promise<number> =>
  new Promise((answered, failed) => {
    const request = httpRequest(`${server}${path}`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': sent.contentType ?? 'application/json', ...sent.headers },
    })
    request.once('error', failed)
    request.once('response', (response) => {
      response.resume().once('end', () => answered(response.statusCode ?? 0))
    })
    request.end(sent.body)
  })

/** Starts the three on free ports of this machine. */
export async function startReceivers(): Promise<Receivers> {
  const options = { signingSecret: doorSecrets.slack, endpoints: path, logger: quiet }
  const http = await listen(acknowledging(new HTTPReceiver(options)).requestListener)
  const express = await listen(acknowledging(new ExpressReceiver(options)).app)
  let stored: string[] = []
  const door = await doorApp(testBot(), (event) => {
    stored.push(event.transportKey)
    return Promise.resolve(true)
  })
  const ours = await door.listen({ host: '127.0.0.1', port: 0 })
  return {
    statuses: async (sent) => ({
      http: await statusOf(http.url, sent),
      express: await statusOf(express.url, sent),
      ours: await statusOf(ours, sent),
    }),
    stored: () => {
      const since = stored
      stored = []
      return since
    },
    close: async () => {
      await door.close()
      await express.close()
      await http.close()
    },
  }
}
