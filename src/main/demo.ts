/** `pushgraph demo`: the stand-in for Push's API alone, for clients under development. */
import { readConfig } from '../config/config.ts'
import { createStandIn } from '../demo/stand-in.ts'
import { CommandError, say, systemCode, type Terminal } from './terminal.ts'

export interface DemoOptions {
  readonly port: number
  /** Whether its switches can be set while it runs, at `/__control`. */
  readonly control: boolean
}

export const demo = async (terminal: Terminal, { port, control }: DemoOptions): Promise<number> => {
  const { seed, scale, latencyMs } = readConfig(terminal.environment, terminal.directory).demo
  const standIn = await createStandIn({
    port,
    seed,
    scale,
    control,
    switches: { latencyMs },
  }).catch((error: unknown) => {
    throw systemCode(error) === 'EADDRINUSE'
      ? new CommandError(
          `Port ${port} of 127.0.0.1 is in use. Give another one with --port (0 takes a free one).`,
          1,
          error,
        )
      : error
  })
  for (const line of [
    "A stand-in for Push's API, with made-up data. Point a client at it:",
    '',
    `  PUSH_API_URL=${standIn.url}`,
    `  PUSH_API_KEY=${standIn.keys.full}        # or, for reading only:`,
    `  PUSH_API_KEY=${standIn.keys.readOnly}`,
    '',
    'Ctrl-C ends it.',
  ])
    say(terminal.output, line)
  await terminal.stopped
  await standIn.close()
  return 0
}
