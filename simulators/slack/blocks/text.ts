import { z } from 'zod'

/** Plain text of at most `longest` characters [/reference/block-kit/composition-objects/text-object]. */
export const plainText = (longest: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(longest),
    emoji: z.boolean().optional(),
  })

const mrkdwn = (longest: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(longest), verbatim: z.boolean().optional() })

/** Plain text or Slack's own markup. */
export const anyText = (longest: number) => z.discriminatedUnion('type', [plainText(longest), mrkdwn(longest)])

/** The id of a block or of an element in it. */
export const idText = z.string().min(1).max(255)

const slackFile = z.union([z.strictObject({ id: z.string().min(1) }), z.strictObject({ url: z.string().min(1) })])

/** A picture, by exactly one of a public address and a file of the workspace. */
export const pictureFields = {
  image_url: z.string().min(1).max(3000).optional(),
  slack_file: slackFile.optional(),
  alt_text: z.string().max(2000),
}
export const hasOnePicture = (image: { readonly image_url?: unknown; readonly slack_file?: unknown }): boolean =>
  (image.image_url === undefined) !== (image.slack_file === undefined)
