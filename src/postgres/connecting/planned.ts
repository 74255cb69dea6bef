/**
 * Statements that are asked again and again stay planned where they are asked: to plan one over the tables of all weeks takes
 * longer than to answer it. A name stands for one text wherever it is met, so that none can be taken for another.
 */
import { createHash } from 'node:crypto'
import pg from 'pg'

export interface PlannedStatements {
  /** Under which name that text is asked; undefined where it is not asked often enough, or names do not work here. */
  nameOf(text: string): string | undefined
  /** It was asked by that name there. */
  asked(client: object, name: string): void
  /** Whether so many are planned there that another connection should take its place: each takes memory. */
  isFull(client: object): boolean
  /** Whether a name failed before anything was done: none is given from then on. */
  failed(error: unknown): boolean
}

/** Which time a text must come to be named, */
const ENOUGH = 3
/** while so many others were not asked later. */
const MOST_TEXTS = 100
/** A plan over many tables takes half a megabyte. */
const MOST_NAMES = 30

/**
 * What is said where the name is not known there, or known already, as where a pooler gives another connection for each
 * transaction; or where the tables are other ones since.
 */
const failures: ReadonlySet<string | undefined> = new Set(['26000', '42P05', '0A000'])

export const createPlannedStatements = (): PlannedStatements => {
  const texts = new Map<string, { times: number; readonly name: string }>()
  const planned = new WeakMap<object, Set<string>>()
  let isOff = false

  return {
    nameOf: text => {
      if (isOff) return undefined
      const known = texts.get(text) ?? { times: 0, name: nameFor(text) }
      known.times += 1
      texts.delete(text)
      texts.set(text, known)
      const [oldest] = texts.keys()
      if (texts.size > MOST_TEXTS && oldest !== undefined) texts.delete(oldest)
      return known.times < ENOUGH ? undefined : known.name
    },
    asked: (client, name) => {
      planned.set(client, (planned.get(client) ?? new Set()).add(name))
    },
    isFull: client => (planned.get(client)?.size ?? 0) >= MOST_NAMES,
    failed: error => {
      const isName = error instanceof pg.DatabaseError && failures.has(error.code)
      isOff ||= isName
      return isName
    },
  }
}

/** What the statement is called. */
export const nameFor = (text: string): string =>
  `p${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
