import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { type Config, ConfigInvalid } from '../infra/config.ts'

/** @throws ConfigInvalid when `DATABASE_URL` is not set; `npm start` sets it for every process that it starts. */
export function requireDatabaseUrl(config: Config): string {
  if (config.databaseUrl === undefined)
    throw new ConfigInvalid(['DATABASE_URL: is needed by this process; `npm start` brings a database of its own'])
  return config.databaseUrl
}

/** Where blobs are: as configured, else in the data folder. */
export const blobsUrlOf = (config: Config): string =>
  config.blobsUrl ?? pathToFileURL(resolve(config.home, 'blobs')).href

/** The address of one of our pages: as platforms reach it, else this machine's own. */
export const pageAt =
  ({ publicUrl, host, port }: Config) =>
  (path: string): string =>
    `${publicUrl?.replace(/\/+$/, '') ?? `http://${host}:${port}`}${path}`

/** A platform's simulator, or `undefined` for the real platform. */
export const simulatorOf = (apiUrl: string): string | undefined => (apiUrl === 'live' ? undefined : apiUrl)
