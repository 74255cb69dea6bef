/** The logs of requests: the server's, with the request's id in each line. */
import type { FastifyBaseLogger } from 'fastify'
import { type AppLog, serializers } from './log.ts'

type Make = () => FastifyBaseLogger
type Said = Parameters<FastifyBaseLogger['info']>

/**
 * The same log, whose children are made when they have something to say: those of most requests say nothing. Not done by
 * Fastify's factory of such logs, since it examines each log that a foreign factory makes.
 */
export const withLazyChildren = (log: AppLog): FastifyBaseLogger =>
  // Else Fastify sets its own, and that for errors would say too much.
  Object.assign(new LazyLog(() => log), { serializers })

class LazyLog implements FastifyBaseLogger {
  #make: Make
  #made: FastifyBaseLogger | undefined

  constructor(make: Make) {
    this.#make = make
  }

  get #log(): FastifyBaseLogger {
    return (this.#made ??= this.#make())
  }

  get level(): string {
    return this.#log.level
  }

  fatal(...said: Said): void {
    this.#log.fatal(...said)
  }

  error(...said: Said): void {
    this.#log.error(...said)
  }

  warn(...said: Said): void {
    this.#log.warn(...said)
  }

  info(...said: Said): void {
    this.#log.info(...said)
  }

  debug(...said: Said): void {
    this.#log.debug(...said)
  }

  trace(...said: Said): void {
    this.#log.trace(...said)
  }

  silent(...said: Said): void {
    this.#log.silent(...said)
  }

  child(...of: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return new LazyLog(() => this.#log.child(...of))
  }
}
