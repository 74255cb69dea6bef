/** Whose JWTs are taken: one issuer of the environment, or several of the file that PUSHGRAPH_JWT_FILE names. */
import { z } from 'zod'
import type { JwtIssuer } from '../model/callers.ts'
import type { Env } from './slips.ts'
import { issueSentence, readStructured } from './structured-file.ts'
import { isLoopback } from '../model/loopback.ts'

/** Signed with a key that only the issuer has; with a shared one, whoever can check a JWT could make it. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const USUAL_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'PS256'] as const

/** Joined with the subject to a caller's name, in which | stands between them. */
const issuer = z
  .string()
  .regex(/^[\x21-\x7b\x7d\x7e]{1,255}$/, 'must be the issuer as it stands in iss, without blanks')

const jwksUrl = z.string().refine(text => {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}, 'must be an address that begins with https:// (http:// only for this machine itself), without a user name or password')

const claim = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be the name of a claim')

const listed = z.strictObject({
  issuer,
  audiences: z.array(z.string().min(1)).min(1, 'must name at least one'),
  jwksUrl,
  algorithms: z
    .array(z.enum(ALGORITHMS, { error: `must be one of ${ALGORITHMS.join(', ')}` }))
    .min(1, 'must name at least one')
    .default([...USUAL_ALGORITHMS]),
  connectorsClaim: claim.optional(),
})

const file = z.array(listed).min(1, 'must name at least one issuer')

/** The issuers, and everything that is wrong with them. `path` is the file where there is one. */
export const readJwtIssuers = (
  env: Env,
  path: string | undefined,
): { readonly issuers: readonly JwtIssuer[]; readonly problems: readonly string[] } =>
  path === undefined ? ofEnvironment(env) : ofFile(path)

const ofFile = (path: string): ReturnType<typeof readJwtIssuers> => {
  const read = readStructured(path)
  if ('problem' in read) return { issuers: [], problems: [`PUSHGRAPH_JWT_FILE: ${read.problem}`] }
  const parsed = file.safeParse(read.stated)
  const names = (parsed.data ?? []).map(one => one.issuer)
  const problems = [
    ...(parsed.error?.issues.map(issue => issueSentence(issue, WHOLE)) ?? []),
    ...names.flatMap((name, index) =>
      names.indexOf(name) === index
        ? []
        : [`[${index}].issuer is that of [${names.indexOf(name)}] already`],
    ),
  ]
  return {
    issuers: (parsed.data ?? []).map(toIssuer),
    problems: problems.map(problem => `PUSHGRAPH_JWT_FILE: ${path}: ${problem}`),
  }
}

const WHOLE = 'a list of issuers, each with issuer, audiences and jwksUrl'

const ofEnvironment = (env: Env): ReturnType<typeof readJwtIssuers> => {
  const parts = (text: string | undefined): readonly string[] | undefined =>
    text
      ?.split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
  const parsed = listed.safeParse({
    issuer: env.PUSHGRAPH_JWT_ISSUER,
    audiences: parts(env.PUSHGRAPH_JWT_AUDIENCE),
    jwksUrl: env.PUSHGRAPH_JWT_JWKS_URL,
    algorithms: parts(env.PUSHGRAPH_JWT_ALGORITHMS),
    connectorsClaim: env.PUSHGRAPH_JWT_CONNECTORS_CLAIM,
  })
  if (parsed.success) return { issuers: [toIssuer(parsed.data)], problems: [] }
  const problems = parsed.error.issues.map(({ path: [member], code, message }) => {
    const name = variableOf[String(member)] ?? ''
    return code === 'invalid_type'
      ? `${name} is needed for PUSHGRAPH_AUTH=jwt, unless PUSHGRAPH_JWT_FILE names the issuers`
      : `${name} ${message}`
  })
  return { issuers: [], problems: [...new Set(problems)] }
}

const variableOf: Readonly<Record<string, string>> = {
  issuer: 'PUSHGRAPH_JWT_ISSUER',
  audiences: 'PUSHGRAPH_JWT_AUDIENCE',
  jwksUrl: 'PUSHGRAPH_JWT_JWKS_URL',
  algorithms: 'PUSHGRAPH_JWT_ALGORITHMS',
  connectorsClaim: 'PUSHGRAPH_JWT_CONNECTORS_CLAIM',
}

const toIssuer = ({ connectorsClaim, ...rest }: z.infer<typeof listed>): JwtIssuer => ({
  ...rest,
  connectorsClaim,
})
