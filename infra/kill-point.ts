/**
 * The kill points of a proof: `at(point)` kills this process, as `kill -9` does, when `point` is the configured one. In
 * production nothing is configured and `at` does nothing.
 */
export const killPoint =
  (killAt: string | undefined) =>
  (point: string): void => {
    if (point === killAt) process.kill(process.pid, 'SIGKILL')
  }
