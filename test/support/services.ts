const worker = (...roles: readonly string[]) => ({ file: 'workers/main.js', args: ['--roles', roles.join(',')] })

/** The processes that a stack can start: alone, as production has them, and with several roles each, as `npm start` has them. */
export const services = {
  'slack simulator': { file: 'simulators/slack/main.js', args: [] },
  'x simulator': { file: 'simulators/x/main.js', args: [] },
  api: { file: 'api/main.js', args: [] },
  relay: worker('relay'),
  conversations: worker('conversations'),
  'relay+conversations': worker('relay', 'conversations'),
  inference: worker('inference'),
  learning: worker('learning'),
  training: worker('training'),
  'inference+learning+training': worker('inference', 'learning', 'training'),
  // Those of another build, which may run beside.
  'next conversations': worker('conversations'),
  'next learning': worker('learning'),
  'bare worker': { file: 'test/bench/shared/bare-worker.js', args: [] },
  'slow inference': { file: 'test/bench/shared/slow-inference.js', args: [] },
} as const
export type ServiceName = keyof typeof services
