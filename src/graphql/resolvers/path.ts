import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from '../context.ts'

/** Where a field stands in the answer, without the indexes of lists; undefined where no plan was asked for. */
export const answerPathOf = (context: Context, info: GraphQLResolveInfo): string | undefined => {
  if (context.planWish === undefined) return undefined
  const keys: string[] = []
  for (let at: typeof info.path | undefined = info.path; at !== undefined; at = at.prev)
    if (typeof at.key === 'string') keys.unshift(at.key)
  return keys.join('.')
}
