import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

/** What the pages may load: nothing but their own files. Menus, dialogs and plots bring style elements of their own. */
export const pagePolicy = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'script-src-attr': ["'none'"],
  'style-src': ["'self'", "'unsafe-inline'"],
}

/** The addresses that are pages: the browser gets one document for all of them, and it shows what the address says. */
const pages = [
  ...['/', '/find', '/conversations', '/conversations/*', '/corrections', '/label'],
  ...['/models', '/models/*', '/rollouts', '/rollouts/*', '/replays/*', '/schedules'],
]

/** Serves the built pages. Their files carry a digest in their names, the document does not. */
export const webPages =
  (folder: string): FastifyPluginAsync =>
  async (app) => {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) =>
        void reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    })
    for (const page of pages)
      app.get(page, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
  }
