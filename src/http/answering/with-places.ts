/**
 * The answerer that lets others work: whatever has to be worked out waits for its place among the operations that run,
 * and an answer is not sent to who leaves too much unread. What is kept ready needs no place.
 */
import { CallerLimitError } from '../../errors.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { Admission } from '../admission/admission.ts'
import type { Caller } from '../admission/caller.ts'
import type { Connections, Leaving } from '../admission/connections.ts'
import type { OperationPlace } from '../admission/places.ts'
import { noteCode } from '../logging/operation-notes.ts'
import { retryAfter, toLimitRefusal } from '../refusals/refuse.ts'
import type { Answer, Exchange, GiveAnswer } from './answerer.ts'
import { sendable } from './raw-reply.ts'

/** What bounds callers, and the connections that they come by. */
export interface Door {
  readonly admission: Admission
  readonly connections: Connections
}

/** Of what is shorter, the system takes enough that its room need not be asked for before it is sent. */
export const LARGE_BYTES = 65_536

export const withPlaces = <Context>(
  { admission, connections }: Door,
  next: GiveAnswer<Context>,
): GiveAnswer<Context> => {
  const checked = (exchange: Exchange<Context>, caller: Caller, answer: Answer): Answer => {
    const refused =
      answer.length < LARGE_BYTES ? undefined : admission.unread.refusal(caller, answer.length)
    return refused === undefined ? answer : refusedBy(refused, exchange)
  }

  const afterWaiting = async (
    exchange: Exchange<Context>,
    caller: Caller,
    visit: Visit,
  ): Promise<Answer> => {
    try {
      const isIn = await waited(admission, caller, visit.place, exchange.text?.length ?? 0)
      return isIn ? await afterWork(exchange, caller, visit, next(exchange)) : toNobody
    } catch (error) {
      return refusedBy(error, exchange)
    }
  }

  const afterWork = async (
    exchange: Exchange<Context>,
    caller: Caller,
    visit: Visit,
    given: Maybe<Answer>,
  ): Promise<Answer> => {
    visit.worksOn()
    try {
      return checked(exchange, caller, await given)
    } finally {
      visit.isDone()
    }
  }

  return exchange => {
    const caller = admission.callerOf(exchange.request.raw)
    let place: OperationPlace
    try {
      place = admission.enter(caller)
    } catch (error) {
      return refusedBy(error, exchange)
    }
    const visit = new Visit(place)
    connections.whenLeft(exchange.reply.raw, visit)
    if (place.ready !== undefined) return afterWaiting(exchange, caller, visit)
    const given = next(exchange)
    return given instanceof Promise
      ? afterWork(exchange, caller, visit, given)
      : checked(exchange, caller, given)
  }
}

/** An operation's stay in its place: until its answer has left, or until its work ends though its caller has left before. */
export class Visit implements Leaving {
  readonly place: OperationPlace
  #works = false
  #hasLeft = false

  constructor(place: OperationPlace) {
    this.place = place
  }

  worksOn(): void {
    this.#works = true
  }

  isDone(): void {
    this.#works = false
    if (this.#hasLeft) this.place.leave()
  }

  leave(): void {
    this.#hasLeft = true
    if (!this.#works) this.place.leave()
  }
}

/**
 * Waits for a place; false where its caller has left. Until then a body of so many bytes counts as one that is still on
 * its way.
 *
 * @throws {CallerLimitError} where it waited for too long, or its caller has too many such bytes
 */
export const waited = async (
  { bodies }: Pick<Admission, 'bodies'>,
  caller: Caller,
  place: OperationPlace,
  bytes: number,
): Promise<boolean> => {
  if (place.ready === undefined) return true
  try {
    bodies.take(caller, bytes)
  } catch (error) {
    place.leave()
    throw error
  }
  try {
    return await place.ready
  } finally {
    bodies.give(caller, bytes)
  }
}

/** Counts the bytes that wait of an answer that was just sent, until its reader has taken it. */
export const countUnread = (
  { admission, connections }: Door,
  { request, reply }: Pick<Exchange<unknown>, 'request' | 'reply'>,
  bytes: number,
): void => {
  if (bytes === 0) return
  const caller = admission.callerOf(request.raw)
  admission.unread.add(caller, bytes)
  connections.whenLeft(reply.raw, { leave: () => admission.unread.give(caller, bytes) })
}

/** @throws whatever is no refusal */
const refusedBy = (error: unknown, { notes }: Exchange<unknown>): Answer => {
  if (!(error instanceof CallerLimitError)) throw error
  noteCode(notes, error.code)
  return {
    status: 429,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...retryAfter(error),
    },
    ...sendable(JSON.stringify(toLimitRefusal(error))),
  }
}

/** For who has left: nothing of it is ever read. */
const toNobody: Answer = { status: 503, headers: {}, body: '', length: 0 }
