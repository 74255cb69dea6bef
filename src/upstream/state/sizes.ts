/** What is known of how much there is under a key, wherever that is kept. */
import { createHash } from 'node:crypto'
import type { CollectionSizes } from '../contract/contract.ts'

/** Numbers kept by name, each with the time (milliseconds) at which it held. */
export interface Measures {
  get(name: string): { readonly value: number; readonly at: number } | undefined
  set(name: string, value: number): void
}

/** What questions came to. */
export interface SeenQuestions {
  /** How many objects the question came to when it was last answered; undefined where that is not remembered. */
  seen(question: string): number | undefined
  see(question: string, objects: number): void
}

/** The sizes of collections, and what questions came to. */
export interface SizesByConnector extends CollectionSizes, SeenQuestions {}

/** Questions remembered for one connector: callers' words can make ever new ones. */
export const MOST_SEEN = 1_000
/** How often those beyond are forgotten: after so many new ones. */
export const FORGET_EVERY = 100

/** Under which name what a question came to is kept: it may name a person. */
export const nameOfQuestion = (question: string): string =>
  createHash('sha256').update(question).digest('hex').slice(0, 24)

/** Sizes that are kept among `measures`. */
export const createSizes = (measures: Measures, questions: SeenQuestions): SizesByConnector => ({
  get: collection => {
    const measure = measures.get(`rows ${collection}`)
    const newest = measures.get(`newest ${collection}`)
    return measure && { rows: measure.value, at: measure.at, newest: newest?.value }
  },
  set: (collection, rows, newest) => {
    measures.set(`rows ${collection}`, rows)
    if (newest !== undefined) measures.set(`newest ${collection}`, newest)
  },
  ...questions,
})

/** What `create` makes of an id, made once, so that a change is seen at once wherever else the id is used. */
export const onePer = <Value>(create: (id: string) => Value): ((id: string) => Value) => {
  const made = new Map<string, Value>()
  return id => {
    const value = made.get(id) ?? create(id)
    made.set(id, value)
    return value
  }
}
