/** Where a field stands in the answer: what tells lists of a plan apart. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from '../context.ts'

/** The arguments of a list; where a plan was asked for, with the list's place without the indexes of other lists. */
export const withPath = <Terms extends object>(
  terms: Terms,
  { planWish }: Context,
  info: GraphQLResolveInfo,
): Terms & { readonly path?: string } => {
  if (planWish === undefined) return terms
  const keys: string[] = []
  for (let at: typeof info.path | undefined = info.path; at !== undefined; at = at.prev)
    if (typeof at.key === 'string') keys.unshift(at.key)
  return { ...terms, path: keys.join('.') }
}
