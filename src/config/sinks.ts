/** Sinks as the settings name them: with the files that hold their secrets and certificates read, and every slip told. */
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { OauthSettings, SinkReceiver, TlsSettings } from '../model/sinks/receiver.ts'
import type { SinkSettings } from '../model/sinks/sink.ts'
import { DEMO_ALIAS } from './auth.ts'
import { errorCode, keyFileFlaw } from './key.ts'
import { sinkHeaders, type ListedSink, versionOf } from './sinks-file.ts'
import { issueSentence, readStructured } from './structured-file.ts'

export interface ReadSinks {
  readonly sinks: readonly SinkSettings[]
  /** The files that they name, which may be replaced while the server runs. */
  readonly files: readonly string[]
  readonly problems: readonly string[]
}

/** What the files of one sink hold. */
interface FilesOfSink {
  /** A secret on one line. */
  secret(member: string, path: string | undefined): string | undefined
  tls(): TlsSettings
  headers(path: string | undefined): Readonly<Record<string, string>>
}

/** The sinks of a file in that folder. `aliases`: the connectors that are configured; undefined where nobody knows. */
export const readSinks = (
  listed: readonly ListedSink[],
  folder: string,
  aliases: readonly string[] | undefined,
): ReadSinks => {
  const known = aliases?.length === 0 ? [DEMO_ALIAS] : aliases
  const problems: string[] = []
  const files: string[] = []
  const sinks = listed.map(sink => {
    const tell = (problem: string): void => {
      problems.push(`PUSHGRAPH_CONFIG: ${problem} (sink ${sink.name})`)
    }
    for (const alias of sink.connectors ?? [])
      if (known?.includes(alias) === false)
        tell(`connectors names ${alias}, and there is no such connector`)
    return toSettings(sink, folder, filesOf(sink, folder, files, tell))
  })
  return { sinks, files, problems }
}

const toSettings = (sink: ListedSink, folder: string, files: FilesOfSink): SinkSettings => {
  const receiver = toReceiver(sink, folder, files)
  const { name, kind, send, types, connectors, since, batch } = sink
  const settings = { name, kind, send, types, connectors, since, batch, ocsf: versionOf(sink) }
  return Object.freeze({
    ...settings,
    receiver: () => receiver,
    settingsId: createHash('sha256')
      .update(JSON.stringify([settings, receiver]))
      .digest('hex'),
  })
}

const toReceiver = (sink: ListedSink, folder: string, files: FilesOfSink): SinkReceiver => {
  switch (sink.kind) {
    case 'splunk-hec': {
      const { kind, acknowledgement, index, source, sourcetype, host, gzip } = sink
      const token = sink.token ?? files.secret('tokenFile', sink.tokenFile) ?? ''
      const url = sink.url.replace(/\/+$/, '')
      const about = { acknowledgement, index, source, sourcetype, host, gzip }
      return { kind, url, token, ...about, tls: files.tls() }
    }
    case 'http': {
      const { kind, url, format, gzip } = sink
      const secret = sink.secret ?? files.secret('secretFile', sink.secretFile)
      const headers = { ...sink.headers, ...files.headers(sink.headersFile) }
      const oauth = toOauth(sink.oauth, files)
      return { kind, url, secret, headers, oauth, format, gzip, tls: files.tls() }
    }
    case 'syslog': {
      const { kind, host, port, plaintext, confirm, facility, appName, hostname } = sink
      const about = { plaintext, confirm, facility, appName, hostname }
      return { kind, host, port, ...about, tls: files.tls() }
    }
    case 'file':
      return { kind: sink.kind, path: resolve(folder, sink.path) }
    default:
      return sink satisfies never
  }
}

const toOauth = (
  stated: Extract<ListedSink, { readonly kind: 'http' }>['oauth'],
  files: FilesOfSink,
): OauthSettings | undefined => {
  if (stated === undefined) return undefined
  const { tokenUrl, clientId, clientSecret, clientSecretFile, scope } = stated
  const read = files.secret('oauth.clientSecretFile', clientSecretFile)
  return { tokenUrl, clientId, clientSecret: clientSecret ?? read ?? '', scope }
}

/** Why it cannot be read, in OpenSSL's word; undefined where it can. */
const flawOf = (read: () => unknown): string | undefined => {
  try {
    read()
    return undefined
  } catch (cause) {
    return errorCode(cause)
  }
}

const filesOf = (
  sink: ListedSink,
  folder: string,
  files: string[],
  tell: (problem: string) => void,
): FilesOfSink => {
  const found = (path: string): string => {
    const whole = resolve(folder, path)
    files.push(whole)
    return whole
  }
  const pem = (member: string, path: string | undefined): string | undefined => {
    if (path === undefined) return undefined
    const whole = found(path)
    try {
      const text = readFileSync(whole, 'utf8')
      if (text.includes('-----BEGIN ')) return text
      tell(`${member} names ${whole}, which holds no PEM`)
    } catch (cause) {
      tell(`${member} names ${whole}, which cannot be read (${errorCode(cause)})`)
    }
    return undefined
  }

  return {
    secret: (member, path) => {
      if (path === undefined) return undefined
      const whole = found(path)
      const flaw = keyFileFlaw(whole)
      if (flaw === undefined) return readFileSync(whole, 'utf8').trim()
      tell(`${member} ${flaw}`)
      return undefined
    },
    tls: () => {
      if (sink.kind === 'file') return {}
      const { caFile, certFile, keyFile, servername } = sink
      const [ca, cert, key] = [
        pem('caFile', caFile),
        pem('certFile', certFile),
        pem('keyFile', keyFile),
      ]
      const caFlaw = ca && flawOf(() => new X509Certificate(ca))
      if (caFlaw !== undefined)
        tell(
          `caFile names ${resolve(folder, caFile ?? '')}, which holds no certificate (${caFlaw})`,
        )
      const ownFlaw = cert && key && flawOf(() => createSecureContext({ cert, key }))
      if (ownFlaw !== undefined)
        tell(`certFile and keyFile must hold a certificate and the key to it (${ownFlaw})`)
      return { ca, cert, key, servername }
    },
    headers: path => {
      if (path === undefined) return {}
      const whole = found(path)
      const read = readStructured(whole)
      if ('problem' in read) {
        tell(`headersFile: ${read.problem}`)
        return {}
      }
      const { data, error } = sinkHeaders.safeParse(read.stated ?? {})
      for (const issue of error?.issues ?? [])
        tell(`headersFile: ${whole}: ${issueSentence(issue, 'an object of headers')}`)
      return data ?? {}
    },
  }
}
