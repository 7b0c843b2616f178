/** How much a conversations worker takes on. */
export const workerLimits = {
  /** About 1 MB each; a conversation that falls out is replayed from its history. */
  maxCachedWorkflows: 300,
  shutdownGraceTime: '10s',
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 5, maximum: 50, initial: 20 },
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 5, maximum: 50, initial: 20 },
} as const
