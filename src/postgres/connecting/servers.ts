/**
 * The servers that an address names, of which one takes what is written. Which one that is changes when it fails over: whoever
 * connects tries the one that served last, then the others. A standby is none of them for us: what it says is old.
 */
import pg from 'pg'
import { serversIn } from '../../model/database/servers-in.ts'
import { DatabaseUnavailable } from './failures.ts'

export interface Servers {
  readonly number: number
  /**
   * Makes a connection to the one whose turn it is, as `pg` does. `connect()` fails where that is a standby; whenever it fails, it is
   * the next one's turn.
   */
  readonly Client: new (config?: pg.ClientConfig) => pg.Client
}

type Connected = (error: Error | null, client?: pg.Client) => void

/** Milliseconds within which a server says whether it is a standby. */
const ANSWERS_MS = 1_000

export const serversOf = (url: string): Servers => {
  const all = serversIn(withStrictTls(url))
  let turn = 0

  class Client extends pg.Client {
    readonly #turn: number
    #seemsStandby = false

    constructor(config: pg.ClientConfig = {}) {
      const own = turn
      super({ ...config, connectionString: all[own] })
      this.#turn = own
      const { connection } = this as unknown as { readonly connection: NodeJS.EventEmitter }
      // Told by each server, unasked.
      connection.on(
        'parameterStatus',
        (told: { parameterName: string; parameterValue: string }) => {
          if (told.parameterName === 'in_hot_standby')
            this.#seemsStandby = told.parameterValue === 'on'
        },
      )
    }

    override connect(): Promise<pg.Client>
    override connect(connected: Connected): void
    override connect(connected?: Connected): Promise<pg.Client> | void {
      const whole = this.#connectToPrimary()
      if (connected === undefined) return whole
      whole.then(() => connected(null, this), connected)
    }

    async #connectToPrimary(): Promise<pg.Client> {
      try {
        await super.connect()
        if (this.#seemsStandby && (await this.#isStandby())) {
          this.end().catch(() => undefined)
          throw new DatabaseUnavailable(`The database cannot be used now: ${ONLY_READS}`)
        }
        return this
      } catch (error) {
        if (turn === this.#turn) turn = (turn + 1) % all.length
        throw error
      }
    }

    /** A pooler tells what the server told that it asked first, which may have taken over since. */
    async #isStandby(): Promise<boolean> {
      const asked = { text: 'SELECT pg_is_in_recovery() AS standby', query_timeout: ANSWERS_MS }
      const { rows } = await this.query<{ readonly standby: boolean }>(asked)
      return rows[0]?.standby === true
    }
  }

  return { number: all.length, Client }
}

/** What such a server is to an operator. */
export const ONLY_READS = 'it only reads: it may be a standby that has not taken over'

/** What `pg` makes of these words today, and tells each process that it may make less of them some day. */
const withStrictTls = (url: string): string =>
  /[?&]uselibpqcompat=true/.test(url)
    ? url
    : url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full')
