/** `pushgraph serve`: the server, until the process is asked to stop. */
import { flushCompileCache } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { holdHeapDown } from './heap.ts'
import { openApp } from './open-app.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import type { Config } from '../config/config.ts'
import { isLoopback } from '../model/loopback.ts'
import { systemCode } from '../model/system/system-code.ts'

/** Running answers may take this long after a stop was asked for; what starts containers waits 30 s as a rule. */
const stopWithinMs = 25_000

export const serve = async (terminal: Terminal): Promise<number> => {
  holdHeapDown()
  const { app, config, log } = await openApp(terminal, terminal.output)
  let url: string
  try {
    await app.prepare()
    // Node holds what it read of its cache of compiled sources until that is written. It is used up, by now all of it.
    flushCompileCache()
    // Swept before anybody waits, what starting leaves behind costs the first answer 15 ms less. `npm start` lets us.
    globalThis.gc?.()
    url = await app.listen()
  } catch (error) {
    await app.stop(0)
    throw refusal(error, config)
  }

  // To people, not among the lines of the log; at once, so that nobody reads half of it.
  const lines = app.isDemo ? demoBanner(url, config) : banner(url, app.aliases)
  say(terminal.errors, lines.join('\n'))

  terminal.onReload(() => {
    log.info('SIGHUP: files are read again')
    app.reload()
  })
  if (!isLoopback(config.host) && config.auth === undefined)
    log.warn(
      'HOST is reached from other machines, and PUSHGRAPH_AUTH=none lets everyone there ask: put a proxy that authenticates its callers in front',
    )
  await terminal.stopped
  if (config.drainMs > 0) {
    log.info('stopping: /readyz says so, requests are taken for a while yet')
    app.drain()
    await setTimeout(config.drainMs)
  }
  log.info('stopping: running answers finish, no new request is taken')
  await app.stop(Math.min(stopWithinMs, config.maxWaitMs))
  log.info('stopped')
  return 0
}

const banner = (url: string, aliases: readonly string[]): readonly string[] => [
  '',
  `Pushgraph serves ${aliases.length === 1 ? 'connector' : 'connectors'} ${aliases.join(', ')}.`,
  ...addresses(url),
]

const demoBanner = (url: string, { demo }: Config): readonly string[] => [
  '',
  'Pushgraph serves a DEMO TENANT, since no API key is set: made-up people and findings, read over',
  `HTTP on this machine, behind the request limit of Push's own API and ${demo.latencyMs} ms of latency.`,
  ...addresses(url),
  'To serve your own tenant, set PUSH_API_KEY or PUSH_API_KEY_FILE, here or in .env (see .env.example).',
  '',
]

const addresses = (url: string): readonly string[] => [
  '',
  `  GraphiQL  ${url}/graphiql`,
  `  GraphQL   ${url}/graphql`,
  '',
]

const refusal = (error: unknown, { host, port }: Config): unknown => {
  const code = systemCode(error)
  if (code === 'EADDRINUSE')
    return new CommandError(
      `Port ${port} of ${host} is in use. Stop what listens there, or set PORT to another one (0 takes a free one).`,
      1,
      error,
    )
  if (code === 'EACCES')
    return new CommandError(
      `Port ${port} may not be used by this user. Set PORT to one above 1023.`,
      1,
      error,
    )
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new CommandError(
      `HOST is no address of this machine (${code}). Leave it out for 127.0.0.1.`,
      1,
      error,
    )
  return error
}
