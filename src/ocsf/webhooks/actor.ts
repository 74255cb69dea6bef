/** Who did something in Push: an administrator, or a program with an API key. */
import { given, type OcsfObject } from '../fitting/values.ts'
import { requestOf } from './client.ts'
import { membersInSnakeCase, type ReadMembers, reads } from './reading.ts'
import type { Input } from './webhook-event.ts'

const actor = {
  source: 'text',
  email: 'text',
  role: 'text',
  apiKeyName: 'text',
  sourceIpAddress: 'text',
  userAgent: 'text',
} as const

export type Actor = ReadMembers<typeof actor>

const readActor = reads(actor)

export const actorIn = ({ told }: Input): Actor => readActor(told.actor ?? undefined)

const ADMIN = 2

/** An administrator of Push as a user, who has to be called something where nobody says who it is. */
export const adminOf = (email: string | null): OcsfObject => ({
  name: email ?? 'Unknown',
  email_addr: email,
  type_id: ADMIN,
})

/** What events about an actor have in every class. */
export const partsOfActor = {
  actor: ({ actor: { told } }: { readonly actor: Actor }): OcsfObject | undefined => {
    const { email, apiKeyName, source } = told
    const program = apiKeyName ?? (email === null && source === 'API' ? 'API' : null)
    return given({ user: email === null ? undefined : adminOf(email), app_name: program })
  },
  src_endpoint: ({ actor: { told } }: { readonly actor: Actor }): OcsfObject | undefined =>
    given({ ip: told.sourceIpAddress }),
  http_request: ({ actor: { told } }: { readonly actor: Actor }): OcsfObject | undefined =>
    requestOf({ userAgent: told.userAgent }),
}

/** What an actor leaves for `unmapped`. */
export const unmappedActor = ({ told, rest }: Actor): OcsfObject | undefined =>
  given({ source: told.source, role: told.role, ...membersInSnakeCase(rest) })
