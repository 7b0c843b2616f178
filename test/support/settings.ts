import { z } from 'zod'
import { ConfigInvalid, describeFaults, type Environment, inheritedEnvironment } from '../../infra/config.ts'

const testSchema = z.object({
  TEST_DATABASE_URL: z.url({ protocol: /^postgres(?:ql)?$/ }),
  TEST_TEMPORAL_EXECUTABLE: z.string().min(1),
  TEST_BACKBONE_WEIGHTS: z.string().min(1),
  TEST_TEXT_ENCODER: z.string().min(1),
  TEST_STARTER_TITLES: z.string().min(1),
  TEST_WORKFLOW_BUNDLE: z.string().min(1),
  TEST_SERVICES: z.string().min(1),
  TEST_BLOBS_URL: z.url({ protocol: /^file$/ }),
  TEST_FOLDER: z.string().min(1),
})

/** What `npm test` and the proofs provide for a run. */
export interface TestSettings {
  /** A cluster whose database `understudy_template` has the schema and the starter model. */
  readonly databaseUrl: string
  readonly temporalExecutable: string
  readonly backboneWeights: string
  readonly textEncoder: string
  readonly starterTitles: string
  /** Path of the workflow bundle's code. */
  readonly workflowBundle: string
  /** A folder with the bundles of services (`infra/local/test/services.ts`). */
  readonly services: string
  /** The starter model's blobs: read-only, copied by whoever wants to change them. */
  readonly blobsUrl: string
  /** A folder for logs and data, removed when the run ends. */
  readonly folder: string
}

/** @throws ConfigInvalid when tests are run in another way than by `npm test`. */
export function testSettings(env: Environment = inheritedEnvironment()): TestSettings {
  const parsed = testSchema.safeParse(env)
  if (!parsed.success)
    throw new ConfigInvalid([...describeFaults(parsed.error), 'run the tests by `npm test -- <file>`'])
  return {
    databaseUrl: parsed.data.TEST_DATABASE_URL,
    temporalExecutable: parsed.data.TEST_TEMPORAL_EXECUTABLE,
    backboneWeights: parsed.data.TEST_BACKBONE_WEIGHTS,
    textEncoder: parsed.data.TEST_TEXT_ENCODER,
    starterTitles: parsed.data.TEST_STARTER_TITLES,
    workflowBundle: parsed.data.TEST_WORKFLOW_BUNDLE,
    services: parsed.data.TEST_SERVICES,
    blobsUrl: parsed.data.TEST_BLOBS_URL,
    folder: parsed.data.TEST_FOLDER,
  }
}
