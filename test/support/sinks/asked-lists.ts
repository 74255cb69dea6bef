/** What a sink reads from, which notes what it is asked. */
import type { Events } from '../../../src/events/events.ts'
import type { SinkLists } from '../../../src/sinks/source.ts'

export interface AskedTask {
  readonly task: string
  /** How many rows came. */
  readonly rows: number
  readonly caller: string | undefined
}

/** The same lists; what they are asked is added to `asked`. */
export const noteAsked = (events: Events, asked: AskedTask[]): SinkLists => {
  const noting =
    <Args extends readonly unknown[], Result>(
      task: string,
      ask: (...args: Args) => Promise<Result>,
    ) =>
    async (...args: Args): Promise<Result> => {
      const result = await ask(...args)
      const terms = args.at(-1) as { readonly caller?: string } | undefined
      asked.push({ task, rows: Array.isArray(result) ? result.length : 1, caller: terms?.caller })
      return result
    }
  return {
    identity: events.identity,
    page: noting('page', events.page),
    newest: noting('newest', events.newest),
    newestChange: noting('newestChange', events.newestChange),
    sequenceBefore: noting('sequenceBefore', events.sequenceBefore),
    changeBefore: noting('changeBefore', events.changeBefore),
    standing: noting('standing', events.standing),
    changeStanding: noting('changeStanding', events.changeStanding),
    rowThen: noting('rowThen', events.rowThen),
    after: noting('after', events.after),
    changesAfter: noting('changesAfter', events.changesAfter),
    connectorsWithin: noting('connectorsWithin', events.connectorsWithin),
  }
}
