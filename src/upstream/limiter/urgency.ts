/**
 * How urgent a request is, and how it fares. Several callers can stand behind one request: the best priority
 * and the latest deadline among them count, and both can still rise while it waits.
 */
import type { GatewayError } from '../../errors.ts'
import type { Call, Priority } from '../contract/contract.ts'

export interface Urgency {
  /** Whose turn is used: the first caller's. */
  readonly owner: string
  /** Whom it is made for: the first caller, or whoever that stands for. */
  readonly madeFor: string
  readonly priority: Priority
  readonly deadline: number
  /** Aborts once nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** A caller joins: calls back `onRise` where that made the request more urgent. */
  raise(priority: Priority, deadline: number): void
  /** Set while the request waits for its turn; told of every rise. */
  onRise: (() => void) | undefined
  /** Milliseconds until its turn; undefined while it does not wait for one. */
  waitMs: (() => number) | undefined
  /** Whether an attempt has been sent and is not answered yet. */
  underWay: boolean
  /** Why the last attempt failed, while a further one is under way. */
  failure: GatewayError | undefined
}

/** The urgency of a request that one caller asks for. */
export const createUrgency = (
  call: Pick<Call, 'owner' | 'madeFor' | 'priority' | 'deadline'>,
  signal: AbortSignal,
): Urgency => {
  let { priority, deadline } = call
  const urgency: Urgency = {
    owner: call.owner,
    madeFor: call.madeFor ?? call.owner,
    signal,
    onRise: undefined,
    waitMs: undefined,
    underWay: false,
    failure: undefined,
    get priority() {
      return priority
    },
    get deadline() {
      return deadline
    },
    raise: (joining, until) => {
      const better = joining === 'interactive' && priority === 'background'
      if (!better && until <= deadline) return
      if (better) priority = joining
      deadline = Math.max(deadline, until)
      urgency.onRise?.()
    },
  }
  return urgency
}
