import { Button } from '@radix-ui/themes'
import { ReasonDialog } from '../evidence/reason-dialog.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useCancelRetrain } from '../operator/learning/queries.ts'

/** Stops a retrain that runs; for reviewers, who may also ask for one. */
export function CancelRetrain({ bot, number }: { readonly bot: string; readonly number: number }) {
  const change = useCancelRetrain(bot, number)
  if (!may(useSignedIn(), bot, 'reviewer')) return null
  const trigger = (
    <Button size="1" variant="soft" color="gray" aria-label={`Stop retrain ${number} of ${bot}`}>
      Stop it
    </Button>
  )
  return (
    <ReasonDialog
      trigger={trigger}
      title={`Stop retrain ${number} of ${bot}?`}
      words="No version comes of it. The corrections stay, and the next retrain learns from them; what serves does not change."
      action="Stop it"
      withReason={false}
      change={change}
      act={(_reason, done) => change.mutate(undefined, { onSuccess: done })}
    />
  )
}
