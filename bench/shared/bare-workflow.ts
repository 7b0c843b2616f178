import { proxyActivities } from '@temporalio/workflow'

/** The peer of `answerMessage` for a message without a picture: two activities that do nothing, on the same queue. */
export interface BareActivities {
  first(): Promise<string>
  second(): Promise<string>
}

const activities = proxyActivities<BareActivities>({ startToCloseTimeout: '30s' })

export async function bareWorkflow(): Promise<string> {
  await activities.first()
  return activities.second()
}
