import { AlertDialog, Button, Flex } from '@radix-ui/themes'
import { useState } from 'react'
import { Link } from 'wouter'
import { DoneNotice, ProblemNotice } from '../frame/notices.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useRetrain } from '../operator/learning/queries.ts'

const meaning =
  'It trains on the accepted corrections, except for about one in seven that is held out for life to judge versions: this may be one of those. The new version goes through every stage with thresholds for a demonstration, in about two minutes. The card says so. A person still decides.'

/** A demonstration: one accepted correction is enough for a retrain. Only for who may. */
export function TeachButton({ bot }: { readonly bot: string }) {
  const retrain = useRetrain(bot)
  const [open, setOpen] = useState(false)
  if (!may(useSignedIn(), bot, 'reviewer')) return null
  const act = () => retrain.mutate({ demo: true }, { onSuccess: () => setOpen(false) })
  return (
    <Flex direction="column" gap="2" align="start">
      <AlertDialog.Root open={open} onOpenChange={setOpen}>
        <AlertDialog.Trigger>
          <Button size="1" variant="outline">
            Teach it now
          </Button>
        </AlertDialog.Trigger>
        <AlertDialog.Content maxWidth="480px">
          <AlertDialog.Title>Teach {bot} now?</AlertDialog.Title>
          <Flex direction="column" gap="4">
            <AlertDialog.Description size="2">{meaning}</AlertDialog.Description>
            {retrain.error && <ProblemNotice error={retrain.error} />}
            <Flex gap="3" justify="end">
              <AlertDialog.Cancel>
                <Button variant="soft" color="gray">
                  Cancel
                </Button>
              </AlertDialog.Cancel>
              <Button loading={retrain.isPending} onClick={act}>
                Teach it now
              </Button>
            </Flex>
          </Flex>
        </AlertDialog.Content>
      </AlertDialog.Root>
      {retrain.isSuccess && (
        <DoneNotice>
          It was asked for. If there is something new to learn, a retrain starts in a moment: follow it under{' '}
          <Link href={`/schedules?bot=${bot}`}>Schedules</Link>, then under <Link href="/rollouts">Rollouts</Link>.
        </DoneNotice>
      )}
    </Flex>
  )
}
