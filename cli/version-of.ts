import { versions } from '../api/contract/versions.ts'
import type { ApiClient } from './api-client.ts'
import { WrongUse } from './failure.ts'
import { harmless } from './terminal.ts'

/**
 * The bot of a version that was named without one: the only one that has it, or the only one that has learned it, because every bot
 * has a version 1 to start with.
 * @throws WrongUse naming the bots that it could be.
 */
export async function botOfVersion(api: Pick<ApiClient, 'get'>, wanted: number, help: string): Promise<string> {
  const having = (await api.get('/api/versions', versions)).versions.filter(({ version }) => version === wanted)
  const learned = having.filter(({ parent }) => parent !== null)
  const [only, ...others] = having.length > 1 && learned.length > 0 ? learned : having
  if (only !== undefined && others.length === 0) return only.bot
  const names = having.map(({ bot }) => harmless(bot))
  throw only === undefined
    ? new WrongUse(`No bot has a version ${wanted}.`, 'See: understudy versions <bot>')
    : new WrongUse(`There is a version ${wanted} of ${names.join(', ')}: name one.`, help)
}
