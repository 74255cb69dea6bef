/** What can be asked for on the command line, each with its options. What a command is made of is read when it is asked for. */
import { type Command, Option } from 'commander'
import { CALLER_SCOPES } from '../model/rights.ts'
import { compressionNames } from '../export/compression.ts'
import { exportTypes } from '../export/part.ts'
import { ocsfVersions } from '../ocsf/ocsf.ts'
import type { DemoOptions } from './demo.ts'
import { exportHelp } from './export-help.ts'
import { inSmallHeap } from './heap.ts'
import type { ForgetOptions } from './forget.ts'
import type { ExportOptions } from './export-arguments.ts'
import type { McpCommandOptions } from './mcp.ts'
import { readPort, readSeconds } from './numbers.ts'
import type { QueryOptions } from './query.ts'
import type { SchemaOptions } from './schema.ts'
import { CommandError, type Terminal } from './terminal.ts'
import {
  newToken,
  readAliases,
  readExpiry,
  readScopes,
  readTokenName,
  type TokenOptions,
} from './token.ts'
import type { SendOptions, VerifyOptions } from './webhook.ts'

/** Takes the exit code of a command that runs. */
export type Keep = (running: Promise<number>) => Promise<void>

/** Adds all of them to the program. */
export const addCommands = (program: Command, terminal: Terminal, keep: Keep): void => {
  addServing(program, terminal, keep)
  addReading(program, terminal, keep)
  addTrying(program, terminal, keep)
}

/** Commands about the server: the server itself, its keys, its schema. */
const addServing = (program: Command, terminal: Terminal, keep: Keep): void => {
  program
    .command('serve', { isDefault: true })
    .description('serve the graph over HTTP, that of the demo tenant where no key is set (default)')
    // As the default command it is handed whatever is no command.
    .allowExcessArguments()
    .action(async (_options, { args: [unknown] }: Command) => {
      if (unknown !== undefined)
        throw new CommandError(`There is no command ${unknown}. Run it with --help to see them.`, 2)
      await keep((await import('./serve.ts')).serve(terminal))
    })

  program
    .command('check')
    .description(
      'try the key on every list of the API, and the shared database where there is one, and print a line for each',
    )
    .action(async () => keep((await import('./check.ts')).check(terminal)))

  program
    .command('migrate')
    .description(
      'make the tables of the shared database (PUSHGRAPH_DATABASE_URL), or bring them to the newest version',
    )
    .action(async () => keep((await import('./migrate.ts')).runMigrate(terminal)))

  program
    .command('import')
    .description(
      'take a data folder over into the shared database, with the numbers of its events, so that cursors go on',
    )
    .argument('[folder]', 'the folder; no server may run on it (default: PUSHGRAPH_DATA_DIR)')
    .action(async (folder: string | undefined) =>
      keep((await import('./import.ts')).runImport(terminal, folder)),
    )

  program
    .command('forget')
    .description(
      'erase what the data folder or the shared database holds of a connector, or of a person: see docs/security.md',
    )
    .option(
      '--connector <alias>',
      'all stored events, known rows and kept answers of that connector',
    )
    .option('--email <address>', 'all of those that name that address, in any letters')
    .addHelpText('after', forgetHelp)
    .action(async (options: ForgetOptions) =>
      keep((await import('./forget.ts')).runForget(terminal, options)),
    )

  program
    .command('schema')
    .description('print the schema of the graph (SDL), with the prefix of the settings')
    .option('--federation', 'as a supergraph takes it: with keys, costs and tags')
    .addOption(
      new Option(
        '--possible-types',
        'not the schema, but which types its interfaces stand for, as JSON for caches of clients',
      ).conflicts('federation'),
    )
    .action(async (options: SchemaOptions) =>
      (await import('./schema.ts')).schema(terminal, options),
    )
}

/** Commands that print or write what the graph holds. */
const addReading = (program: Command, terminal: Terminal, keep: Keep): void => {
  program
    .command('query')
    .description('run one operation and print its answer as JSON')
    .argument('<file>', 'the file that holds the operation; - for standard input')
    .option('--variables <json>', 'the variables, a JSON object; @FILE reads it from a file')
    .option('--operation <name>', 'which operation to run, where the file holds several')
    .option('--url <url>', 'ask the server that runs there, such as http://127.0.0.1:4000')
    .option('--token-file <file>', 'the file that holds the token which that server asks for')
    .action(async (file: string, options: QueryOptions) =>
      keep((await import('./query.ts')).runQuery(terminal, file, options)),
    )

  program
    .command('mcp')
    .description('serve tools for agents over standard input and output: see docs/agents.md')
    .option('--url <url>', 'those of the server that runs there, such as http://127.0.0.1:4000')
    .option(
      '--token-file <file>',
      'the file that holds the token which that server asks for (default: that of PUSHGRAPH_TOKEN)',
    )
    .action(async (options: McpCommandOptions) =>
      keep((await import('./mcp.ts')).runMcp(terminal, options)),
    )

  program
    .command('export')
    .description(
      'write everything, or what is asked for, to a file that an interrupted export goes on with',
    )
    .option('--out <file>', 'the file or folder to write; - for standard output', '-')
    .option('--ocsf <version>', `as OCSF events of that version: ${ocsfVersions.join(', ')}`)
    .option('--types <list>', `some of ${exportTypes.join(',')}`)
    .option('--changes', 'not objects, but what changed in them, as far as it was noticed')
    .option(
      '--since <moment>',
      'only what was created since: 7d, P7D or 2024-05-01T12:00:00Z; last: see below',
    )
    .option('--until <moment>', 'only what was created before')
    .option('--connectors <list>', 'some connectors, by alias')
    .option(
      '--format <format>',
      'ndjson (an object a line), json (one array) or parquet (a folder of tables)',
      'ndjson',
    )
    .option('--compress <format>', `packs the text: ${compressionNames.join(' or ')}`)
    .option('--patience <time>', 'how long Push may fail before the export gives up', '1m')
    .option(
      '--every <time>',
      'go on with what is new or has changed each so often, until it is stopped',
    )
    .option('--cursor <file>', 'of changes: what keeps how far it came (default: FILE.cursor)')
    .option('--restart', 'begin anew, whatever was broken off', false)
    .addHelpText('after', exportHelp)
    .action((options: ExportOptions) =>
      keep(inSmallHeap(async () => (await import('./export.ts')).exportAll(terminal, options))),
    )
}

/** Commands to try things out: the demo API, webhooks. */
const addTrying = (program: Command, terminal: Terminal, keep: Keep): void => {
  program
    .command('demo')
    .description("serve the stand-in for Push's API alone, and print its address and keys")
    .option('--port <port>', 'the port on 127.0.0.1; 0 takes a free one', readPort, 4001)
    .option('--control', 'let its switches be set at /__control', false)
    .option('--webhook <url>', 'let its data change, and send the webhooks of that there')
    .option('--secret <secret>', 'by which they are signed')
    .action(async (options: DemoOptions) =>
      keep((await import('./demo.ts')).demo(terminal, options)),
    )

  const token = program
    .command('token')
    .description('make tokens for callers: PUSHGRAPH_AUTH=tokens, see docs/auth.md')
  token
    .command('new')
    .description('print a new token once, and its entry for the file PUSHGRAPH_TOKENS_FILE')
    .requiredOption('--name <name>', 'what logs and limits call its caller', readTokenName)
    .option(
      '--scopes <list>',
      `what its caller may do, some of ${CALLER_SCOPES.join(',')}`,
      readScopes,
      ['read'],
    )
    .option('--connectors <list>', 'the connectors it sees, by alias (default: all)', readAliases)
    .option('--expires <date>', 'from when on it is refused: 2030-01-31 (UTC)', readExpiry)
    .action((options: TokenOptions) => newToken(terminal, options))

  program
    .command('documents')
    .description('trusted documents, which callers ask for by hash: see docs/documents.md')
    .command('check')
    .description('check them against the schema, and print a line for each with its hash')
    .argument('[path]', 'the folder or manifest (default: PUSHGRAPH_DOCUMENTS)')
    .action(async (path: string | undefined) => {
      const { checkDocuments } = await import('./documents.ts')
      await keep(Promise.resolve(checkDocuments(terminal, path)))
    })

  const webhook = program
    .command('webhook')
    .description('try out webhooks: sign and send one, or explain why a signature fails')
  webhook
    .command('send')
    .description('sign the body in a file and send it, byte by byte')
    .argument('<file>', 'the file that holds the body; - for standard input')
    .option('--url <url>', 'where to (default http://127.0.0.1:4000/webhooks/default)')
    .option(
      '--secret <secret>',
      "the webhook's secret (default: that of the settings for the connector)",
    )
    .action(async (file: string, options: SendOptions) =>
      keep((await import('./webhook.ts')).sendWebhook(terminal, file, options)),
    )
  webhook
    .command('verify')
    .description('say whether a signature fits the body in a file, and if not, why')
    .argument('<file>', 'the file that holds the body as it came; - for standard input')
    .requiredOption('--signature <header>', 'the value of the header X-Signature')
    .option('--secret <secret>', "the webhook's secret (default: those of the settings)")
    .option(
      '--at <seconds>',
      'when to judge its age: UNIX seconds, a moment or 7d for so long ago (default: now)',
      readSeconds,
    )
    .action(async (file: string, options: VerifyOptions) =>
      keep((await import('./webhook.ts')).verifyWebhook(terminal, file, options)),
    )
}

const forgetHelp = [
  '',
  'A server that runs on the folder has in memory what it read before: restart it afterwards. What',
  'Push itself still knows comes back with the next read. Events, rows and answers that name an address',
  'go whole, with whatever else they tell. The audit log and exports are files of your own.',
  '',
].join('\n')
