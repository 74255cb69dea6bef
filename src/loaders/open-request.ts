/** The loaders of one operation, and what is known of it once it has run. */
import type { AnyNeed } from '../query/planning/need.ts'
import type { Summary } from '../query/operation/summary.ts'
import { type PlanReport, reportPlan } from '../query/planning/report.ts'
import { openSession, type Session, type SessionOptions } from '../query/session.ts'
import { AnswerValidity, type ValidityTerms } from '../query/operation/answer-validity.ts'
import { askedBy } from '../query/stored/asked-by.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { andThen, type Maybe } from '../model/maybe.ts'
import { allRights, type Rights } from '../model/rights.ts'
import { toEnd } from '../work/to-end.ts'
import { Work } from '../work/work.ts'
import { createLoaders, type Loaders } from './loaders.ts'
import { Moments } from './moments.ts'
import type { PastRoom } from '../query/past.ts'
import { emptySource } from './stored.ts'

/** One request: opens its operation, once it is known what that will need. */
export interface OpenRequest {
  /** What the answer rests on, and whether it would be given again. */
  readonly validity: AnswerValidity
  /** Its share of the event loop. */
  readonly work: Work
  open(needs: readonly AnyNeed[], planOnly?: boolean): OpenedRequest
  /** The same where there may be many needs: in slices, at once where that takes no longer than the turn. */
  openInTurns(needs: readonly AnyNeed[], planOnly?: boolean): Maybe<OpenedRequest>
}

export interface OpenedRequest {
  readonly loaders: Loaders
  readonly summary: () => Summary
  /** The aliases of the connectors that it asks; it grows while the operation runs. */
  readonly asked: readonly string[]
  /** Begins what will be read for certain, if what is asked can be; undefined where there is nothing of the kind. */
  readonly readAhead: (() => void) | undefined
  /** To be called once the answer is complete. */
  readonly end: () => void
  /** The plan: before running, or beside what running it took. */
  readonly plan: (before: boolean) => PlanReport
  /** By what is known, the operation asks Push for nothing. */
  readonly isFree: boolean
}

export interface RequestOptions extends Omit<SessionOptions, 'needs'> {
  /** Where the connectors are of. */
  readonly store: NonNullable<ValidityTerms['store']>
  /** The lists that are kept here; empty ones where absent. */
  readonly stored?: StoredSource
  /** What the caller may see, of the connectors given and of what is stored; everything where absent. */
  readonly rights?: Rights
  /** Where rows of the past have their room; without bounds where absent. */
  readonly pastRoom?: PastRoom
}

/** Opens operations on that store, all on the same terms and for the same answer. */
export const openRequest = (options: RequestOptions): OpenRequest => {
  const { stored = emptySource, rights = allRights } = options
  const validity = new AnswerValidity(options)
  const work = options.work ?? new Work({ signal: options.signal })
  const open = (needs: readonly AnyNeed[], planOnly = false): Generator<void, Session> =>
    openSession({ ...options, needs, planOnly, validity, work })
  const opened = ({
    operation,
    readers,
    planned,
    readAhead,
    end,
    isFree,
  }: Session): OpenedRequest => {
    const source = askedBy(stored, operation)
    const moments: Moments = new Moments({
      ...{ readers, operation, clock: options.clock, source, room: options.pastRoom },
      make: (past, then) => createLoaders(past.readers, past.operation, then, rights, moments.at),
    })
    const loaders = createLoaders(readers, operation, source, rights, moments.at)
    return {
      loaders: volatileByDefault(loaders, validity, moments),
      summary: () => operation.summary(),
      asked: operation.asked,
      readAhead,
      end: () => {
        end()
        moments.end()
      },
      isFree,
      plan: before => reportPlan(planned, before ? undefined : operation),
    }
  }
  return {
    validity,
    work,
    open: (needs, planOnly) => opened(toEnd(open(needs, planOnly))),
    openInTurns: (needs, planOnly) => andThen(work.run(open(needs, planOnly)), opened),
  }
}

/** They read nothing but the store, which declares what it gives. */
const declaring: ReadonlySet<string> = new Set<keyof Loaders>([
  'row',
  'texts',
  'find',
  'related',
  'list',
])

type Marks = Pick<AnswerValidity, 'markVolatile'>
type Gate = new (loaders: Loaders, validity: Marks, moments: Pick<Moments, 'of'>) => Loaders

/**
 * The same loaders; an answer that rests on any but those that declare what they give stands for its moment alone. What is
 * asked of a place of the past is answered by the loaders of that moment.
 */
export const volatileByDefault = (
  loaders: Loaders,
  validity: Marks,
  moments: Pick<Moments, 'of'> = { of: () => undefined },
): Loaders => {
  const names = Object.keys(loaders)
  if (known?.names.length !== names.length || names.some((name, n) => known?.names[n] !== name))
    known = { names, Gate: createGate(names) }
  return new known.Gate(loaders, validity, moments)
}

// One class for all operations: wrapping each loader anew takes a tenth of the time of the shortest answer.
let known: { readonly names: readonly string[]; readonly Gate: Gate } | undefined

type Load = (...args: readonly unknown[]) => unknown
type Loads = Readonly<Record<string, Load>>

const createGate = (names: readonly string[]): Gate => {
  class Gated {
    readonly loaders: Loads
    readonly validity: Marks
    readonly moments: { of(place: unknown): Loads | undefined }

    constructor(
      loaders: Loads,
      validity: Marks,
      moments: { of(place: unknown): Loads | undefined },
    ) {
      this.loaders = loaders
      this.validity = validity
      this.moments = moments
    }
  }
  for (const name of names) {
    const declares = declaring.has(name)
    const value = function (this: Gated, ...args: readonly unknown[]): unknown {
      if (!declares) this.validity.markVolatile()
      // What is asked for first is the place, of all that is asked of one.
      return (this.moments.of(args[0]) ?? this.loaders)[name]?.(...args)
    }
    Object.defineProperty(Gated.prototype, name, { value })
  }
  return Gated as unknown as Gate
}
