import { sql } from 'kysely'
import type { Stack } from '../stack.ts'

/** What is known of the text that tells a person what became of a vote; one person alone can see it. */
export interface Receipt {
  /** The person's id on the platform. */
  readonly person: string
  readonly state: string
}

/** The receipts of everybody who has voted, or of one person. */
export async function receipts(stack: Stack, person?: string): Promise<readonly Receipt[]> {
  return stack.db
    .selectFrom('votes')
    .innerJoin('people', 'people.id', 'votes.person_id')
    .innerJoin('replies', (join) => join.on(sql<boolean>`replies.key = 'receipt:' || votes.id`))
    .select(['people.platform_user_id as person', 'replies.state as state'])
    .$if(person !== undefined, (query) => query.where('people.platform_user_id', '=', person ?? ''))
    .execute()
}
