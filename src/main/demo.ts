/** `pushgraph demo`: the stand-in for Push's API alone, for clients under development. */
import { readConfig } from '../config/config.ts'
import { createStandIn, USUAL_ACTIVITY_PER_MINUTE, type WebhookTarget } from '../demo/stand-in.ts'
import { CommandError, say, type Terminal } from './terminal.ts'
import { systemCode } from '../model/system/system-code.ts'

export interface DemoOptions {
  readonly port: number
  /** Whether its switches can be set while it runs, at `/__control`. */
  readonly control: boolean
  /** Where its webhooks go, such as `http://127.0.0.1:4000/webhooks/default`; without it nothing changes of itself. */
  readonly webhook?: string
  /** By which they are signed. */
  readonly secret?: string
}

export const demo = async (terminal: Terminal, options: DemoOptions): Promise<number> => {
  const { port, control } = options
  const target = targetOf(options)
  const { seed, scale, latencyMs, changesPerMinute } = readConfig(
    terminal.environment,
    terminal.directory,
  ).demo
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
  if (target !== undefined) {
    standIn.sendWebhooks(target)
    standIn.set({ changesPerMinute, activityPerMinute: USUAL_ACTIVITY_PER_MINUTE })
  }
  for (const line of [
    "A stand-in for Push's API, with made-up data. Point a client at it:",
    '',
    `  PUSH_API_URL=${standIn.url}`,
    `  PUSH_API_KEY=${standIn.keys.full}        # or, for reading only:`,
    `  PUSH_API_KEY=${standIn.keys.readOnly}`,
    '',
    ...(target === undefined
      ? []
      : [`Its webhooks go to ${target.url}; ${changesPerMinute} objects change a minute.`, '']),
    'Ctrl-C ends it.',
  ])
    say(terminal.output, line)
  await terminal.stopped
  await standIn.close()
  return 0
}

const targetOf = ({ webhook, secret }: DemoOptions): WebhookTarget | undefined => {
  if (webhook === undefined && secret === undefined) return undefined
  if (webhook === undefined || secret === undefined)
    throw new CommandError(
      'Webhooks need both: --webhook, where they go, and --secret, which signs them.',
      2,
    )
  if (!/^https?:/.test(webhook) || !URL.canParse(webhook))
    throw new CommandError(
      '--webhook must be an address such as http://127.0.0.1:4000/webhooks/default.',
      2,
    )
  return { url: webhook, secret }
}
