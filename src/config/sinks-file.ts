/** The member `sinks` of the file that PUSHGRAPH_CONFIG names: receivers that what is stored is sent on to. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { collectionNames } from '../model/collections.ts'
import { defaultVersion, ocsfVersions } from '../model/ocsf/versions.ts'
import { httpFormats, syslogFacilities } from '../model/sinks/receiver.ts'
import { sinkStreams } from '../model/sinks/sink.ts'
import type { CollectionName } from '../model/rows.ts'
import { alias } from './kinds.ts'
import { isLoopback } from '../model/loopback.ts'
import { secret } from './variables.ts'

const oneOfThem = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` })

/** `now`, `beginning`, or so long ago in milliseconds. */
const since = z.string().transform((text, context): number | 'now' | 'beginning' => {
  if (text === 'now' || text === 'beginning') return text
  const [, number, unit] = /^(\d{1,5})([smhd])$/.exec(text) ?? []
  if (number !== undefined) return Number(number) * (unitsMs[unit ?? ''] ?? 0)
  context.addIssue('must be now, beginning, or how long ago, such as 7d or 12h')
  return z.NEVER
})

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** What every kind has. */
const common = {
  name: alias,
  send: z
    .array(oneOfThem(sinkStreams))
    .min(1, 'must name one of events, changes; leave it out for both')
    .default([...sinkStreams])
    .transform(streams => [...new Set(streams)]),
  types: z
    .array(oneOfThem(collectionNames as readonly CollectionName[] as readonly [CollectionName]))
    .min(1, 'must name a list; leave it out for all')
    .optional(),
  connectors: z.array(alias).min(1, 'must name a connector; leave it out for all').optional(),
  ocsf: oneOfThem(ocsfVersions).optional(),
  plain: z.literal(true, { error: 'must be true, or left out' }).optional(),
  since: since.default('now'),
  batch: z
    .strictObject({
      items: z.int().min(1).max(10_000).default(500),
      bytes: z.int().min(1_000).max(50_000_000).default(1_000_000),
    })
    .prefault({}),
}

const path = z.string().min(1, 'must not be empty')

/** How connections are secured. */
const secured = {
  plaintext: z.boolean().optional(),
  caFile: path.optional(),
  certFile: path.optional(),
  keyFile: path.optional(),
  servername: z.string().min(1).optional(),
}

const address = z.string().transform((text, context) => {
  const url = URL.parse(text)
  const isPlain = url !== null && url.hash === '' && url.username === '' && url.password === ''
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href
  context.addIssue(
    'must be an address such as https://siem.example.com:8088, without a user, a password or a fragment',
  )
  return z.NEVER
})

/** People have it with the path of HEC, as other programs take it. */
const splunkAddress = address.refine(
  text => !/\/services\/collector\b/.test(new URL(text).pathname),
  'must end before /services/collector, which is added to it',
)

/** To this a secret is sent. */
const tokenAddress = address.refine(
  text => text.startsWith('https:') || isLoopback(new URL(text).hostname),
  'must begin with https',
)

const oauth = z
  .strictObject({
    tokenUrl: tokenAddress,
    clientId: z.string().min(1),
    clientSecret: secret.optional(),
    clientSecretFile: path.optional(),
    scope: z.string().min(1).optional(),
  })
  .refine(
    ({ clientSecret, clientSecretFile }) =>
      (clientSecret === undefined) !== (clientSecretFile === undefined),
    'must have one of clientSecret, clientSecretFile',
  )

/** What says how a body is sent is ours to say: another word of it would have each batch refused, or never sent. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  ...['connection', 'content-encoding', 'content-length', 'expect', 'keep-alive'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

/** By their names in small letters: written in two ways one would be sent twice. */
export const sinkHeaders = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header'),
    z.string().regex(/^[\x20-\x7e]*$/, 'must be one line of printable letters'),
    { error: 'must be an object of headers' },
  )
  .transform((stated, context) => {
    const named = Object.entries(stated).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    )
    const byName = new Map(named)
    if (byName.size < named.length) context.addIssue('must name each header once, in any case')
    const ours = [...byName.keys()].filter(name => OF_THE_WAY.has(name))
    if (ours.length > 0)
      context.addIssue(`must not name ${ours.join(', ')}, which the sink sets itself`)
    return Object.fromEntries(byName)
  })

const splunk = z.strictObject({
  kind: z.literal('splunk-hec'),
  ...common,
  ...secured,
  url: splunkAddress,
  token: secret.optional(),
  tokenFile: path.optional(),
  acknowledgement: z.boolean().default(true),
  index: z.string().min(1).optional(),
  source: z.string().min(1).optional(),
  sourcetype: z.string().min(1).optional(),
  host: z.string().min(1).optional(),
  gzip: z.boolean().optional(),
})

const http = z.strictObject({
  kind: z.literal('http'),
  ...common,
  ...secured,
  url: address,
  secret: secret.optional(),
  secretFile: path.optional(),
  headers: sinkHeaders.optional(),
  headersFile: path.optional(),
  oauth: oauth.optional(),
  format: oneOfThem(httpFormats).optional(),
  gzip: z.boolean().optional(),
})

const syslog = z.strictObject({
  kind: z.literal('syslog'),
  ...common,
  ...secured,
  host: z
    .string()
    .refine(
      text => isIP(text) > 0 || /^[\w.-]+$/.test(text),
      'must be a name or an address alone; its port goes to port',
    ),
  port: z.int().min(1).max(65_535).default(6514),
  confirm: z.boolean().optional(),
  facility: oneOfThem(syslogFacilities).optional(),
  appName: z
    .string()
    .regex(/^[\x21-\x7e]{1,48}$/, 'must be up to 48 printable letters without blanks')
    .optional(),
  hostname: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be printable letters without blanks')
    .optional(),
})

const file = z.strictObject({ kind: z.literal('file'), ...common, path })

/** One sink as the file states it. */
export const sink = z.discriminatedUnion('kind', [splunk, http, syslog, file], {
  error: 'must be one of splunk-hec, http, syslog, file',
})

export type ListedSink = z.infer<typeof sink>

type Stated = Readonly<Record<string, unknown>>

/**
 * What does not go together in one of them, or in two, as sentences that begin with its place.
 *
 * @param folder Where relative paths begin.
 */
export const sinkSlips = (all: readonly Stated[], folder: string): readonly string[] =>
  all.flatMap((one, index) => {
    const at = `sinks[${index}]`
    const isTaken = (of: (sink: Stated) => unknown): boolean =>
      of(one) !== undefined && all.findIndex(other => of(other) === of(one)) !== index
    const both = (member: string, other: string): readonly string[] =>
      one[member] !== undefined && one[other] !== undefined
        ? [`${at} must have one of ${member}, ${other}`]
        : []
    return [
      ...(isTaken(({ name }) => name)
        ? [`${at}.name is taken by another sink; give each its own`]
        : []),
      ...(isTaken(sink => fileOf(sink, folder))
        ? [`${at}.path is written by another sink; give each its own file`]
        : []),
      ...both('ocsf', 'plain'),
      ...both('token', 'tokenFile'),
      ...both('secret', 'secretFile'),
      ...(one['kind'] === 'splunk-hec' &&
      one['token'] === undefined &&
      one['tokenFile'] === undefined
        ? [`${at} must have one of token, tokenFile`]
        : []),
      ...((one['certFile'] === undefined) === (one['keyFile'] === undefined)
        ? []
        : [`${at} must have both of certFile, keyFile, or neither`]),
      ...bulkSlips(one, at),
      ...plaintextSlips(one, at),
    ]
  })

/** The file that it writes, however its path is spelled; undefined of other kinds. */
const fileOf = ({ kind, path: stated }: Stated, folder: string): string | undefined =>
  kind === 'file' && typeof stated === 'string' ? resolve(folder, stated) : undefined

/** What takes documents in another way refuses each batch for good, and all would be set aside. */
const bulkSlips = ({ url: stated, format }: Stated, at: string): readonly string[] => {
  const url = typeof stated === 'string' ? URL.parse(stated) : null
  if (format !== 'elasticsearch-bulk' || url === null || /[^/]\/_bulk$/.test(url.pathname))
    return []
  return [`${at}.url must end in /INDEX/_bulk, as its format is elasticsearch-bulk`]
}

/** What everybody on the way can read is sent only where that is written out, or does not leave the machine. */
const plaintextSlips = ({ url: stated, plaintext }: Stated, at: string): readonly string[] => {
  const url = typeof stated === 'string' ? URL.parse(stated) : null
  if (url === null || url.protocol !== 'http:' || plaintext === true || isLoopback(url.hostname))
    return []
  return [
    `${at}.url must begin with https; everyone on the way can read what is sent by http: write plaintext: true beside it where that is meant`,
  ]
}

/** The version that is sent; undefined where it is plain. */
export const versionOf = ({ ocsf, plain }: ListedSink) =>
  plain === true ? undefined : (ocsf ?? defaultVersion)
