import { z } from 'zod'
import { ConfigInvalid, describeFaults, type Environment, inheritedEnvironment } from '../../infra/config.ts'

const testSchema = z.object({
  TEST_DATABASE_URL: z.url({ protocol: /^postgres(?:ql)?$/ }),
  TEST_TEMPORAL_ADDRESS: z.string().min(1),
  TEST_TEMPORAL_EXECUTABLE: z.string().min(1),
  TEST_BACKBONE_WEIGHTS: z.string().min(1),
  TEST_TEXT_ENCODER: z.string().min(1),
  TEST_STARTER_TITLES: z.string().min(1),
  TEST_BLOBS_URL: z.url({ protocol: /^file$/ }),
  TEST_FOLDER: z.string().min(1),
})

/** What `npm test` and the proofs provide for a run. */
export interface TestSettings {
  /** A cluster whose database `understudy_template` has the schema and the starter model. */
  readonly databaseUrl: string
  /** The server that all tests share, with the namespaces `test-0` and on. */
  readonly temporalAddress: string
  readonly temporalExecutable: string
  readonly backboneWeights: string
  readonly textEncoder: string
  readonly starterTitles: string
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
    temporalAddress: parsed.data.TEST_TEMPORAL_ADDRESS,
    temporalExecutable: parsed.data.TEST_TEMPORAL_EXECUTABLE,
    backboneWeights: parsed.data.TEST_BACKBONE_WEIGHTS,
    textEncoder: parsed.data.TEST_TEXT_ENCODER,
    starterTitles: parsed.data.TEST_STARTER_TITLES,
    blobsUrl: parsed.data.TEST_BLOBS_URL,
    folder: parsed.data.TEST_FOLDER,
  }
}
