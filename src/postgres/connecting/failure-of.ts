/** What an error of the driver means: whether the database cannot now, or what was asked was wrong. */
import { DatabaseError } from 'pg'
import { DatabaseUnavailable } from './failures.ts'
import { ONLY_READS } from './servers.ts'

/** What the driver says where a question was not answered in time. */
export const OVERDUE = 'Query read timeout'

const DISK_FULL = '53100'

/** Its own words for each, as an operator reads them. */
const transient: Readonly<Record<string, string>> = {
  '08': 'its connection broke',
  '25006': ONLY_READS,
  '25P03': 'a transaction of ours stood still for too long',
  '25P04': 'it took too long',
  '40': 'others were changing the same',
  [DISK_FULL]: 'its disk is full',
  '53200': 'it is out of memory',
  '53300': 'it has no connection left',
  '53400': 'it has reached a limit of its configuration',
  '55006':
    'a data folder is being taken over into it. Where that was broken off, run pushgraph import again',
  '55P03': 'others hold what is needed',
  '57014': 'it took too long',
  '57P01': 'it ended the connection, as it does when it shuts down',
  '57P02': 'it has crashed',
  '57P03': 'it is starting',
  '57P05': 'the connection was idle for too long',
  '58': 'its disk or its machine fails',
}

/** What the operator has to mend before any question can be answered. */
const refusals: Readonly<Record<string, string>> = {
  '28000': 'it does not let this user in',
  '28P01': 'it does not accept the password',
  '3D000': 'there is no such database',
  '3F000': 'there is no schema that this user can make tables in',
  '57P04': 'it was dropped',
  '42501': 'this user lacks a right there',
}

/** What an error of `pg` or of its socket says; one that is a flaw of what was asked comes back as it is. */
export const failureOf = (error: unknown): unknown => {
  if (error instanceof DatabaseError) {
    const code = error.code ?? ''
    const why = reasonOf(code)
    const lasts = code === DISK_FULL || code in refusals
    return why === undefined
      ? error
      : new DatabaseUnavailable(`The database cannot be used now: ${why}`, undefined, lasts)
  }
  if (!(error instanceof Error)) return error
  if (
    error.message === OVERDUE ||
    /timeout exceeded|timeout expired|connection timeout/.test(error.message)
  )
    return new DatabaseUnavailable('The database cannot be used now: it does not answer in time')
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code !== undefined && 'syscall' in error && error.syscall === 'open')
    return new DatabaseUnavailable(
      `The database cannot be used now: a file that its address names cannot be read (${code})`,
      undefined,
      true,
    )
  if (code !== undefined && isOfSockets.test(code))
    return new DatabaseUnavailable(
      `The database cannot be used now: no connection (${code})`,
      undefined,
      isOfCertificates.test(code),
    )
  if (
    /^Connection terminated|^Client (was closed|has encountered)|^Cannot use a pool/.test(
      error.message,
    )
  )
    return new DatabaseUnavailable('The database cannot be used now: its connection broke')
  const [, why, lasts] = handshakes.find(([said]) => said.test(error.message)) ?? []
  return why === undefined
    ? error
    : new DatabaseUnavailable(`The database cannot be used now: ${why}`, undefined, lasts)
}

/**
 * The same of a database whose tables were there before: where one of them is missing, or a function, somebody has taken it away,
 * which is no flaw of what was asked.
 */
export const failureOfTables = (error: unknown): unknown =>
  error instanceof DatabaseError && TABLES_GONE.has(error.code ?? '')
    ? new DatabaseUnavailable(
        'The database cannot be used now: its tables have gone, or its address names another schema now',
      )
    : error

const TABLES_GONE: ReadonlySet<string> = new Set(['42P01', '42883'])

/** What the driver says of itself while it connects, without a code; and whether that lasts. */
const handshakes: readonly (readonly [said: RegExp, why: string, lasts: boolean])[] = [
  [/does not support SSL/, 'it has no TLS, which its address asks for', true],
  [/establishing an SSL connection/, 'TLS with it failed', false],
  [/^SASL: .*client password must be/, 'it wants a password, and the settings have none', true],
  [/^SASL: /, 'it does not prove that it knows the password', true],
]

const isOfSockets =
  /^(E[A-Z]+|ERR_(TLS|SSL|SOCKET)[A-Z_]*|CERT_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|SELF_SIGNED_[A-Z_]+|UNABLE_TO_[A-Z_]+)$/

/** Its certificate is not one that the address allows, which neither of them mends by itself. */
const isOfCertificates =
  /^(ERR_TLS_CERT_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|SELF_SIGNED_[A-Z_]+|UNABLE_TO_[A-Z_]+)$/

const reasonOf = (code: string): string | undefined =>
  transient[code] ?? transient[code.slice(0, 2)] ?? refusals[code]
