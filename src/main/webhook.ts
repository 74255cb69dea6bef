/** `pushgraph webhook`: signs and sends a payload for trying things out, and explains why a signature fails. */
import { readConfig } from '../config/config.ts'
import { TOLERANCE_SECONDS } from '../model/events.ts'
import { readDelivery } from '../webhooks/delivery.ts'
import { type Refusal, sign, verify } from '../webhooks/signature.ts'
import { CommandError, readInput, say, type Terminal } from './terminal.ts'
import { systemCode } from '../model/system/system-code.ts'

export interface SendOptions {
  readonly url?: string
  readonly secret?: string
}

export interface VerifyOptions {
  readonly signature: string
  readonly secret?: string
  /** UNIX seconds to judge by; now where absent. */
  readonly at?: number
}

/** Sends the file's bytes as they are; 0 where they were taken. */
export const sendWebhook = async (
  terminal: Terminal,
  file: string,
  { url = 'http://127.0.0.1:4000/webhooks/default', secret }: SendOptions,
): Promise<number> => {
  const body = await readInput(terminal, file, "a webhook's body")
  const [key] = secretsOf(terminal, secret, aliasIn(url))
  if (key === undefined) throw noSecret(terminal, aliasIn(url))
  const header = sign(key, Math.floor(Date.now() / 1_000), body)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': header },
    body: new Uint8Array(body),
  }).catch((cause: unknown) => {
    throw new CommandError(
      `${url} cannot be reached (${systemCode((cause as { cause?: unknown }).cause) ?? 'unknown reason'}). Is Pushgraph running there?`,
      1,
      cause,
    )
  })
  say(terminal.output, `${response.status} ${(await response.text()).trim()}`)
  return response.ok ? 0 : 1
}

/** Says whether the signature fits the file's bytes, and why not; 0 where it does. */
export const verifyWebhook = async (
  terminal: Terminal,
  file: string,
  { signature, secret, at = Date.now() / 1_000 }: VerifyOptions,
): Promise<number> => {
  const body = await readInput(terminal, file, "a webhook's body")
  const secrets = secretsOf(terminal, secret)
  const header = signature.replace(/^x-signature:\s*/i, '')
  const verdict = verify({ header, body, secrets, nowSeconds: at })
  if (!verdict.ok) {
    say(terminal.output, `The signature is refused: ${reasons[verdict.reason]}`)
    if (verdict.reason === 'mismatch')
      for (const hint of hintsOf(header, body, secrets, at)) say(terminal.output, hint)
    return 1
  }
  const delivery = readDelivery(body, at)
  say(
    terminal.output,
    `The signature is genuine, made ${Math.floor(at) - verdict.signedAt} s ago.` +
      (delivery.ok ? '' : ` But the body would be refused: ${delivery.problem}.`),
  )
  return delivery.ok ? 0 : 1
}

const reasons: Readonly<Record<Refusal, string>> = {
  'no secret':
    'there is no secret to check it with. Give --secret, or set PUSH_WEBHOOK_SECRET beside PUSH_API_KEY.',
  'no header': 'the header is missing.',
  'unreadable header': 'it must have t=SECONDS once and v1=HEX with 64 hex digits.',
  mismatch: 'these bytes were not signed at that time with this secret.',
  'too old': `it is genuine, but more than ${TOLERANCE_SECONDS / 60} minutes old. Give --at to judge it by another time.`,
  'too new': `it is genuine, but more than ${TOLERANCE_SECONDS / 60} minutes ahead of this machine's clock.`,
}

/** The usual slips: an editor's last line break, a body that was written again, a blank around the secret. */
function* hintsOf(
  header: string,
  body: Buffer,
  secrets: readonly string[],
  nowSeconds: number,
): Generator<string> {
  const fits = (bytes: Uint8Array, keys = secrets): boolean => {
    const verdict = verify({ header, body: bytes, secrets: keys, nowSeconds })
    return verdict.ok || verdict.reason === 'too old' || verdict.reason === 'too new'
  }
  const text = body.toString('utf8')
  if (fits(Buffer.from(text.replace(/\r?\n$/, ''))))
    yield 'It fits without the line break at the end of the file: save the body as it came.'
  if (fits(Buffer.from(`${text}\n`)))
    yield 'It fits with a line break at the end: the file lacks one that was sent.'
  if (
    fits(
      body,
      secrets.map(secret => secret.trim()),
    )
  )
    yield 'It fits without the blanks around the secret.'
  const again = written(text)
  if (again.some(each => fits(Buffer.from(each))))
    yield 'It fits the same JSON with other white space: the body was written again after it came.'
  else
    yield 'If the secret is that of this webhook, the body differs from what was sent: compare its length with the content-length.'
}

const written = (text: string): readonly string[] => {
  try {
    const value: unknown = JSON.parse(text)
    return [JSON.stringify(value), JSON.stringify(value, null, 2)]
  } catch {
    return []
  }
}

/** The secret that was given, else those of the connector of that alias; of all where there is none of it. */
const secretsOf = (
  terminal: Terminal,
  given: string | undefined,
  alias?: string,
): readonly string[] => {
  if (given !== undefined) return [given]
  const { connectors } = readConfig(terminal.environment, terminal.directory)
  const named = connectors.filter(connector => connector.alias === alias)
  return (named.length > 0 ? named : connectors).flatMap(({ webhookSecrets }) => webhookSecrets())
}

/** The connector that such an address names last. */
const aliasIn = (url: string): string | undefined => /\/webhooks\/([^/?#]+)/.exec(url)?.[1]

/** The setting that is missing, by how the connectors are set. */
const noSecret = (terminal: Terminal, alias: string | undefined): CommandError => {
  const { connectors } = readConfig(terminal.environment, terminal.directory)
  const isOfFile = connectors.length > 0 && !connectors.some(({ alias: own }) => own === 'default')
  const setting = isOfFile
    ? `webhookSecret of connector ${alias ?? connectors[0]?.alias} in the file that PUSHGRAPH_CONFIG names`
    : 'PUSH_WEBHOOK_SECRET beside PUSH_API_KEY'
  return new CommandError(
    `There is no secret to sign with. Give --secret, or set ${setting}.${
      connectors.length === 0
        ? ' The demo tenant takes the webhooks alone that it sends itself.'
        : ''
    }`,
    2,
  )
}
