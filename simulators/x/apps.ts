import { z } from 'zod'

/** One bot's app and account, as the simulator is told of them. */
export const xAppShape = z.object({
  bot: z.string().min(1),
  /** Where its events go: `<product>/x/<bot>/webhook`. */
  webhookUrl: z.url({ protocol: /^http$/ }),
  consumerKey: z.string().min(1),
  consumerSecret: z.string().min(1),
  accessToken: z.string().min(1),
  accessTokenSecret: z.string().min(1),
  accountId: z.string().regex(/^\d+$/),
  /** Without the @. */
  handle: z.string().regex(/^\w{1,30}$/),
})
export type XApp = Readonly<z.infer<typeof xAppShape>>
