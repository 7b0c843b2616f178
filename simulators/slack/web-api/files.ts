import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { publish } from '../delivery/tell.ts'
import { fileObject, sharesOf } from '../state/present.ts'
import { nextTs } from '../state/workspace.ts'
import type { Upload } from '../world.ts'
import { blocksOf, object, SlackError, text, threadTsOf, writable } from './call.ts'
import type { Call, WebMethod } from './call.ts'

const filesInfo: WebMethod = {
  scope: 'files:read',
  answer: ({ world, app, args }) => {
    const file = world.workspace.files.get(text(args, 'file') ?? '')
    if (file === undefined) throw new SlackError('file_not_found')
    if (!file.mayRead) throw new SlackError('missing_scope', { needed: 'files:read', provided: app.scopes.join(',') })
    if (file.gone) throw new SlackError('file_deleted')
    // The scan is over by the time that anybody asks.
    const mimetype = file.mimetype || mimetypeOf(file.content, file.name)
    const shares = sharesOf(world.workspace, file.id)
    return { file: { ...fileObject({ ...file, mimetype }, app.team), ...shares }, comments: [] }
  },
}

const getUploadUrl: WebMethod = {
  scope: 'files:write',
  answer: ({ world, app, args }) => {
    const name = text(args, 'filename')
    const length = Number(text(args, 'length'))
    if (name === undefined || !Number.isInteger(length) || length <= 0) throw new SlackError('invalid_arguments')
    const id = `F0${randomBytes(5).toString('hex').toUpperCase()}`
    const token = randomBytes(16).toString('hex')
    world.uploads.set(id, { bot: app.bot, token, name, length, content: undefined })
    return { file_id: id, upload_url: `${world.baseUrl()}/upload/v1/${token}` }
  },
}

const uploadedShape = z.array(z.looseObject({ id: z.string(), title: z.string().optional() })).min(1)

/** The uploads that are named, all of whose bytes have come. */
function uploadsOf({ world, app, args }: Call): readonly (readonly [string, Upload, Buffer])[] {
  const named = uploadedShape.safeParse(object(args, 'files'))
  if (!named.success) throw new SlackError('invalid_arguments')
  return named.data.map(({ id }) => {
    const upload = world.uploads.get(id)
    if (upload?.bot !== app.bot || upload.content === undefined) throw new SlackError('file_not_found')
    return [id, upload, upload.content] as const
  })
}

/** The share is not in the answer: it becomes visible as a message of its own [/messaging/working-with-files]. */
const completeUpload: WebMethod = {
  scope: 'files:write',
  answer: async (call) => {
    const { world, app, args } = call
    const uploads = uploadsOf(call)
    // Without a channel a file is nobody's but the bot's, which this simulator does not show.
    if (text(args, 'channel_id') === undefined) throw new SlackError('invalid_channel')
    const { id: channel } = writable({ ...call, args: { channel: args['channel_id'] } })
    const threadTs = threadTsOf(args)
    const blocks = blocksOf(args)
    await publish(world, {
      ...{ method: 'files.completeUploadExternal', id: nextTs(world.workspace), bot: app.bot, channel },
      text: text(args, 'initial_comment') ?? '',
      ...(threadTs !== undefined && { threadTs }),
      ...(blocks !== undefined && { blocks: [...blocks] }),
      files: uploads.map(([id, { name }, content]) => ({
        ...{ id, name, mimetype: mimetypeOf(content, name), base64: content.toString('base64') },
        ...({ scope: 'granted', stub: false } as const),
      })),
    })
    for (const [id] of uploads) world.uploads.delete(id)
    return { files: uploads.map(([id, { name }]) => ({ id, title: name })) }
  },
}

export const fileMethods: Readonly<Record<string, WebMethod>> = {
  'files.info': filesInfo,
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
}
