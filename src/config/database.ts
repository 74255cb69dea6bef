/** Where the database is that several replicas share. */
import { z } from 'zod'
import { serversIn } from '../model/database/servers-in.ts'

/**
 * `postgres://user:password@host/name`, with whatever else `pg` takes behind a question mark; a database that fails over has
 * several hosts.
 */
export const databaseUrl = z.string().transform((text, context) => {
  const refuse = (message: string): never => {
    context.addIssue(message)
    return z.NEVER
  }
  const servers = serversIn(text).map(server => URL.parse(server))
  if (!servers.every(isAddress))
    return refuse(
      'must be the address of a PostgreSQL database, such as postgres://user:password@host:5432/pushgraph, with letters such as @, / and % of the password as %40, %2F and %25',
    )
  const wanted = servers[0]?.searchParams.get('target_session_attrs')
  if (wanted !== null && wanted !== undefined && !forWriting.includes(wanted))
    return refuse(
      'can have no other target_session_attrs than read-write: replicas need the server that takes what is written',
    )
  return text
})

const isAddress = (url: URL | null): boolean =>
  url !== null &&
  /^postgres(ql)?:$/.test(url.protocol) &&
  url.pathname.length > 1 &&
  [url.username, url.password].every(isReadable)

/** Whether it stands for a text; a sign of percent that begins nothing stands for itself. */
const isReadable = (part: string): boolean => {
  try {
    decodeURIComponent(part.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    return true
  } catch {
    return false
  }
}

const forWriting: readonly string[] = ['read-write', 'primary']
