import { other } from '../fitting/values.ts'
import { inSnakeCase } from './reading.ts'
import { type Input, messageOf, webhook } from './webhook-event.ts'

/** An event of a kind that is new to us, or that lacks what its class demands: all of it is unmapped. */
export const baseEvent = webhook<Input>({
  className: 'base_event',
  activity: ({ event }) => other(event.row.object),
  parts: { severity_id: () => 0, message: messageOf },
  unmapped: ({ told }) => ({
    new: inSnakeCase(told.new),
    old: inSnakeCase(told.old),
    actor: inSnakeCase(told.actor),
  }),
})
