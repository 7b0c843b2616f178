import { fileURLToPath } from 'node:url'

/** The stories as `npm run build` has bundled them. */
export const workflowBundle = { codePath: fileURLToPath(new URL('../workflows/bundle.js', import.meta.url)) }
