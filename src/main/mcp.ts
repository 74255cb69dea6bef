/** `pushgraph mcp`: tools for the program that starts it, over standard input and output. */
import { openApp } from './open-app.ts'
import { addressOn, readToken, TOKEN } from './running-server.ts'
import { CommandError, say, type Terminal } from './terminal.ts'

export interface McpCommandOptions {
  /** A running server whose tools they are; without it Push is asked here. */
  readonly url?: string
  /** A file that holds the token that the server is shown, instead of PUSHGRAPH_TOKEN. */
  readonly tokenFile?: string
}

/** Serves until the input ends; nothing but the protocol goes to the output. */
export const runMcp = async (terminal: Terminal, options: McpCommandOptions): Promise<number> => {
  const { url } = options
  if (url === undefined) return serveHere(terminal, options)
  const token = (await readToken(terminal, options.tokenFile)) ?? tokenIn(terminal)
  const { bridgeToServer } = await import('../mcp/bridge.ts')
  await bridgeToServer({ url: addressOn(url, '/mcp'), token }, terminal, terminal.stopped)
  return 0
}

const tokenIn = ({ environment }: Terminal): string | undefined => {
  const token = environment['PUSHGRAPH_TOKEN']
  if (token === undefined || token === '') return undefined
  if (TOKEN.test(token)) return token
  throw new CommandError('PUSHGRAPH_TOKEN must be the token alone, on one line', 2)
}

const serveHere = async (terminal: Terminal, { tokenFile }: McpCommandOptions): Promise<number> => {
  if (tokenFile !== undefined)
    throw new CommandError('--token-file is for a server that runs: name that with --url', 2)
  const { app, config } = await openApp(terminal, terminal.errors, 'warn')
  try {
    if (config.mcp.mode === 'off')
      throw new CommandError('PUSHGRAPH_MCP=off serves no tools: set documents or explore', 2)
    if (app.isDemo) say(terminal.errors, 'No API key is set: the demo tenant answers.')
    await app.serveAgent(terminal, terminal.stopped)
    return 0
  } finally {
    await app.stop(0)
  }
}
