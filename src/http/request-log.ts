/** The logs of requests: the server's, with the request's id in each line. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'

type Make = () => FastifyBaseLogger
type Said = Parameters<FastifyBaseLogger['info']>

/**
 * The log of a request, made when it has something to say: most requests say nothing, and to make one means to look for
 * secrets in all that it says of itself.
 */
export const lazyChild: FastifyInstance['childLoggerFactory'] = (parent, bindings, options) =>
  new LazyLog(() => parent.child(bindings, options))

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
    return this.#log.child(...of)
  }
}
