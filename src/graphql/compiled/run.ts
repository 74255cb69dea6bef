/** What the parts of a compiled query hand on while it runs, and how they give up. */
import type { RowTexts } from '../../loaders/loaders.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Work } from '../../work/work.ts'
import type { Coerced } from '../analysis/variables.ts'
import type { Text } from './text.ts'

/** One run of a compiled query. */
export interface Run {
  readonly context: unknown
  /** The operation's share of the event loop. */
  readonly work: Work
  readonly values: Coerced
  /** The arguments of each field, worked out once for all of its objects. */
  readonly args: Record<string, unknown>[]
  /** Where the texts of a selection's rows are kept. */
  readonly texts: { readonly connector: string; readonly texts: RowTexts }[]
}

/** Writes a value as JSON text. */
export type Write = (value: unknown, run: Run) => Maybe<Text>

/** What was written of the rows of a collection before. */
export type FindTexts = (
  context: unknown,
  connector: string,
  collection: CollectionName,
) => RowTexts

/**
 * Something other than values came up: an error, a null where none may be, a look at the place in the answer. What is
 * then to be answered is for graphql-js to say.
 */
export class Bailout extends Error {}
