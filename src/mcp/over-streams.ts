/** Agents served over standard input and output: one connection, by the process that started this one. */
import type { Readable, Writable } from 'node:stream'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { McpCaller, ServeCaller } from './mcp.ts'

export interface StandardStreams {
  readonly input: Readable
  readonly output: Writable
}

/** Serves that caller until the input ends or `ended` resolves. Nothing else may be written to the output. */
export const serveOverStreams = async (
  serve: ServeCaller,
  caller: McpCaller,
  { input, output }: StandardStreams,
  ended: Promise<unknown>,
): Promise<void> => {
  const transport = new StdioServerTransport(input, output)
  const handle = serveStdio(() => serve(caller), { transport })
  await Promise.race([endOf(input), ended])
  await handle.close()
}

/** Resolves once nothing more will come. */
export const endOf = (input: Readable): Promise<void> =>
  new Promise(resolve => {
    input.once('end', resolve).once('close', resolve)
  })
