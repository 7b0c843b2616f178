import { Agent } from 'node:http'
import { connect } from 'node:net'

/**
 * An agent that brings every request to a simulator on this machine, whatever host it names. The client believes that it
 * speaks https to X, so addresses, signatures and the `Host` header stay what they are in production; only the bytes travel in
 * the clear to the simulator. twitter-api-v2 has its addresses as constants, so this is the only place to turn.
 * @param baseUrl the simulator's http URL.
 */
export function simulatorAgent(baseUrl: string): Agent {
  const { hostname, port } = new URL(baseUrl)
  const target = { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || 80) }
  return Object.assign(new Agent(), { protocol: 'https:', createConnection: () => connect(target) })
}
