/** An agent, by the official SDK's own client: what it asks of a server, and what it is answered. */
import {
  Client,
  type ProgressCallback,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'

/** The two families of the protocol: with a handshake, and without. */
export const ERAS = ['legacy', 'modern'] as const

export type Era = (typeof ERAS)[number]

/** One that is connected until the running test ends. */
export const connectBy = async (transport: Transport, era: Era = 'modern'): Promise<Client> => {
  const mode = era === 'legacy' ? 'legacy' : { pin: '2026-07-28' }
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } })
  onTestFinished(() => client.close())
  await client.connect(transport)
  return client
}

/** The same over HTTP; `url` is that of the server. */
export const connectAgent = (
  url: string,
  era?: Era,
  headers: Readonly<Record<string, string>> = {},
): Promise<Client> =>
  connectBy(
    new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }),
    era,
  )

export interface Called {
  readonly isError: boolean
  /** The text of its content. */
  readonly text: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the tool's
  readonly told: any
  /** The codes of what went wrong. */
  readonly codes: readonly string[]
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: ProgressCallback
}

/** What a tool answers. Of what has a schema, the client has checked that it fits. */
export const callTool = async (
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<Called> => {
  const result = await client.callTool({ name, arguments: args }, options)
  const [content] = result.content
  const text = content?.type === 'text' ? content.text : ''
  const isError = result.isError === true
  const errors = isError
    ? (JSON.parse(text) as { readonly errors: readonly { readonly code: string }[] }).errors
    : []
  return { isError, text, told: result.structuredContent, codes: errors.map(({ code }) => code) }
}
