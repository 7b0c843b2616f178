/** How much a conversations worker takes on. */
export const workerLimits = {
  /** About 1 MB each; a conversation that falls out is replayed from its history. */
  maxCachedWorkflows: 300,
  shutdownGraceTime: '10s',
  // With a fixed number of pollers only a fifth of them look for new conversations; under load one then waits for its first
  // task while later ones are answered already (p99 3.1 s instead of 1.3 s at 20 in flight).
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 5, maximum: 50, initial: 20 },
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 5, maximum: 50, initial: 20 },
} as const
