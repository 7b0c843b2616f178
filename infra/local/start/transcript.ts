import type { TensorflowBackend } from '../provision/tensorflow/tensorflow.ts'
import type { Demonstration } from './demonstration.ts'
import { pictureWords } from './picture.ts'
import type { Plan } from './plan.ts'

/** Where a workflow is shown in the Temporal UI. */
export const workflowUrl = (temporalUi: string, workflowId: string): string =>
  `${temporalUi}/namespaces/default/workflows/${workflowId}`

const seconds = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** A fallback is said where nobody can miss it. */
export const tensorflowLines = (backend: TensorflowBackend): readonly string[] =>
  backend.backend === 'native'
    ? []
    : [
        '',
        '  !! TensorFlow itself is not used: the model runs on the WebAssembly fallback, on one thread and slower.',
        `  !! Why: ${backend.why}`,
      ]

/** The first conversation, told as one. */
export function transcriptOf({ question, reply, ms, workflowId, bot }: Demonstration, plan: Plan): readonly string[] {
  const handle = plan.secrets.bots[bot]?.x.handle ?? bot
  const width = Math.max(handle.length, question.author.length) + 1
  const speaker = (name: string) => `  ${`@${name}`.padEnd(width)}   `
  const under = ' '.repeat(width + 5)
  return [
    '',
    '  On the simulated X, just now:',
    '',
    `${speaker(question.author)}“${question.text}”`,
    `${under}[a picture: ${pictureWords}]`,
    '',
    `${speaker(handle)}“${reply.text}”`,
    `${under}after ${seconds(ms.reply)}, as a reply to @${question.author}; the webhook was acknowledged in ${seconds(ms.ack)}`,
    `${under}(the last eight characters make every reply a text of its own, as X wants it)`,
    '',
    '  Each step of it, as a workflow:',
    `    ${workflowUrl(plan.urls.temporalUi, workflowId)}`,
  ]
}

/** Every address, for a person; a platform that is not simulated has none. */
export function addressLines(plan: Plan): readonly string[] {
  const rows = [
    [
      'Slack',
      plan.simulated.slack ? `${plan.urls.slack}   talk to the bots as Ada, Ben, Chloe or Dmitri` : 'the real platform',
    ],
    ['X', plan.simulated.x ? `${plan.urls.x}   post, reply and write direct messages` : 'the real platform'],
    ['Temporal UI', plan.urls.temporalUi],
    ['API', `${plan.urls.api}/docs`],
    ['Data, logs', plan.home],
  ] as const
  return [
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`),
    '',
    '  On the command line: npx understudy doctor',
  ]
}
