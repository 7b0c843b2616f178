import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { ConversationActivities, InferenceActivities, LocalActivities } from '../../activities/contract.ts'
import { inferenceQueue } from '../../domain/keys.ts'

/*
 * One proxy per class of step, with the retry policy of its class. `withinMs` is what is left of the message's lifetime:
 * every class retries until then, because giving up earlier would lose a message.
 */

/** Downloads and decodes: 15 s for the download, 5 s for the decoder, and room for the queue before it. */
export const preparingSteps = (withinMs: number) =>
  proxyActivities<Pick<ConversationActivities, 'prepareMessage'>>({
    summary: 'Fetch and check the input',
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: withinMs,
    // A platform's file host recovers in seconds or in an hour; a minute between tries is polite and still quick.
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  })

/** No version is live: somebody has to do something about that first, so the interval doubles up to 10 minutes. */
export const waitingSteps = (withinMs: number) =>
  proxyActivities<Pick<ConversationActivities, 'awaitVersion'>>({
    summary: 'Wait for a live version',
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: withinMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
  })

/** Scores run where the models are, and keep trying while a version is missing or no inference worker is up. */
export const scoringSteps = (withinMs: number) =>
  proxyActivities<Pick<InferenceActivities, 'scoreMessage'>>({
    taskQueue: inferenceQueue,
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: withinMs,
    // A model that is loading is back in a second or two, so the first tries are close together.
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
  })

/**
 * Replies: the call itself may take 5 s, so 12 s mean that one attempt is dead before the next begins; there is no
 * heartbeat, because a lost one would start a second attempt while the first is still at it.
 */
export const replyingSteps = (withinMs: number) =>
  proxyActivities<Pick<ConversationActivities, 'replyToMessage'>>({
    summary: 'Reply once',
    startToCloseTimeout: '12s',
    scheduleToCloseTimeout: withinMs,
    // The activity sets the delay itself where a platform tells one, or where an attempt has to settle first.
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
  })

/** One-row look-ups and writes beside the workflow: no task of their own. */
export const localSteps = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '5s',
  // The database comes back within seconds or is being repaired by somebody; either way the workflow waits.
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
})

/** Explanations are a courtesy: one try, and the story goes on without. */
export const explainingSteps = proxyLocalActivities<Pick<LocalActivities, 'explainSilence'>>({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
})

/** A vote that waited for its prediction: it is handed on until Temporal and the database are there. */
export const castingSteps = (withinMs: number) =>
  proxyActivities<Pick<ConversationActivities, 'castVote'>>({
    summary: 'Hand the vote on',
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: withinMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  })

/** Questions to people: worth an hour of trying, not more. */
export const askingSteps = proxyActivities<Pick<ConversationActivities, 'askPeople'>>({
  summary: 'Ask people',
  startToCloseTimeout: '12s',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})

/** Introductions are replies to two people, each under the reply protocol. */
export const matchingSteps = (withinMs: number) =>
  proxyActivities<Pick<ConversationActivities, 'introduce'>>({
    summary: 'Introduce two people',
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: withinMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
  })

/** Tried for an hour, because until it succeeds only the person who sent the pictures sees them. */
export const moderatingSteps = proxyActivities<Pick<InferenceActivities, 'moderatePictures'>>({
  taskQueue: inferenceQueue,
  summary: 'May others see the pictures?',
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
})
