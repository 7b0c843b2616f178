/** How much a conversations worker takes on. */
export const workerLimits = {
  /** About 1 MB each; a conversation that falls out is replayed from its history. */
  maxCachedWorkflows: 300,
  shutdownGraceTime: '10s',
} as const
