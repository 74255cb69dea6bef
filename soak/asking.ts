/** Asks, and judges what comes back by what may be so. */
import type { Random } from '../src/demo/tenant/random.ts'
import { type Data, makeQuestion, type Question } from './questions.ts'
import { callerNames, type CallerName, type Right, type Rights, tokenText } from './rights.ts'
import type { Tenant } from './tenants.ts'

export interface AskingCounts {
  /** By `ok` or the code of the first error. */
  readonly results: Record<string, number>
  /** Whole answers that were compared with the stand-in's own data. */
  compared: number
  readonly ms: number[]
  readonly flaws: string[]
}

interface Answer {
  readonly data?: Data
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
  readonly extensions?: {
    readonly pushgraph?: { readonly complete?: boolean; readonly warnings?: readonly unknown[] }
  }
}

/** What may become of an operation while Push fails, rights change, and others ask as well. */
const FORESEEN = new Set([
  'ok',
  ...[
    'RATE_LIMITED',
    'BUDGET_EXCEEDED',
    'FORBIDDEN',
    'UNAUTHENTICATED',
    'OUTCOME_UNKNOWN',
    'CONFLICT',
  ],
  ...['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_INVALID'],
  // To name a connector that one does not see.
  'BAD_USER_INPUT',
])

/** One question of one of the callers, at random. */
export const askSomething = (
  url: string,
  tenants: readonly Tenant[],
  rights: Rights,
  random: Random,
  counts: AskingCounts,
): Promise<void> =>
  askAs(url, random.pick(callerNames), makeQuestion(tenants, random), rights, counts)

export const askAs = async (
  url: string,
  caller: CallerName,
  question: Question,
  rights: Rights,
  counts: AskingCounts,
): Promise<void> => {
  const from = performance.now()
  const { query, variables } = question
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenText(caller)}`,
    },
    body: JSON.stringify({ query, variables }),
  })
  const answer = (await response.json()) as Answer
  counts.ms.push(performance.now() - from)
  const result = answer.errors?.[0]?.extensions?.code ?? (answer.errors === undefined ? 'ok' : '?')
  counts.results[result] = (counts.results[result] ?? 0) + 1
  const flaw = flawOf(question, answer, result, rights.of[caller].since(from), counts)
  if (flaw !== undefined) counts.flaws.push(`${caller}, ${query.slice(0, 120)}: ${flaw}`)
}

const flawOf = (
  question: Question,
  { data, errors, extensions }: Answer,
  result: string,
  held: readonly Right[],
  counts: AskingCounts,
): string | undefined => {
  if (question.isMistaken === true)
    return data === undefined || data === null || errors !== undefined
      ? undefined
      : 'it is answered'
  if (!FORESEEN.has(result)) return result
  const isKnown = (right: Right): boolean => right.connectors.length > 0
  if (result === 'UNAUTHENTICATED')
    return held.every(isKnown) ? 'a valid token is refused' : undefined
  if (!held.some(isKnown)) return `a token that was taken away is answered with ${result}`
  if (result === 'FORBIDDEN' && held.every(({ pii }) => pii)) return 'what it may ask is refused'

  const seen = new Set(held.flatMap(({ connectors }) => connectors))
  const foreign = valuesOf(data, 'connectorAlias').find(alias => !seen.has(String(alias)))
  if (foreign !== undefined) return 'a row of a connector that it does not see'
  if (held.every(({ pii }) => !pii) && valuesOf(data, 'email').some(email => email !== null))
    return 'an address without the scope for it'

  const { complete, warnings = [] } = extensions?.pushgraph ?? {}
  const isWhole = errors === undefined && complete === true && warnings.length === 0
  const { tenant, flaw } = question
  if (!isWhole || flaw === undefined || tenant === undefined) return undefined
  if (!held.every(({ connectors }) => connectors.includes(tenant.alias))) return undefined
  if (question.personal === true && !held.every(({ pii }) => pii)) return undefined
  counts.compared++
  return flaw(data)
}

/** The values of all members of that name, at any depth. */
const valuesOf = (value: unknown, name: string): unknown[] => {
  if (Array.isArray(value)) return value.flatMap(item => valuesOf(item, name))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === name ? [member] : valuesOf(member, name),
  )
}
