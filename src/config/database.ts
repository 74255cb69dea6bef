/** Where the database is that several replicas share. */
import { z } from 'zod'

/** `postgres://user:password@host/name`, with whatever else `pg` takes behind a question mark. */
export const databaseUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return text
  context.addIssue(
    'must be the address of a PostgreSQL database, such as postgres://user:password@host:5432/pushgraph',
  )
  return z.NEVER
})
