/** What a sender has to know of its receiver, by its kind. */

/** Whoever reads the settings has read the files that they name. */
export type SinkReceiver = SplunkHecSettings | HttpSettings | SyslogSettings | FileSettings

export interface FileSettings {
  readonly kind: 'file'
  /** Absolute. */
  readonly path: string
}

/** Whom to trust, and who we are, of a connection by TLS. Each is text in PEM. */
export interface TlsSettings {
  /** Authorities that vouch for the receiver; those of the system where absent. */
  readonly ca?: string | undefined
  /** Our own certificate, and the key to it, where the receiver asks for one. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The name that must stand in the receiver's certificate; the host where absent. */
  readonly servername?: string | undefined
}

export interface SplunkHecSettings {
  readonly kind: 'splunk-hec'
  /** As `https://splunk.example.com:8088`; the paths of HEC are added to it. */
  readonly url: string
  readonly token: string
  /** Whether what was sent counts as taken once it is indexed, rather than once it has arrived. */
  readonly acknowledgement: boolean
  readonly index?: string | undefined
  readonly source?: string | undefined
  readonly sourcetype?: string | undefined
  readonly host?: string | undefined
  readonly gzip?: boolean | undefined
  readonly tls?: TlsSettings | undefined
}

/** How the items of a batch stand in the body. */
export const httpFormats = ['ndjson', 'json-array', 'elasticsearch-bulk'] as const
export type HttpFormat = (typeof httpFormats)[number]

/** Where a token is fetched, and as whom: the client credentials of OAuth 2. */
export interface OauthSettings {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string | undefined
}

export interface HttpSettings {
  readonly kind: 'http'
  readonly url: string
  /** Signs each body as Push signs its webhooks; unsigned where absent. */
  readonly secret?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Has a token fetched that goes along as `Authorization: Bearer`. */
  readonly oauth?: OauthSettings | undefined
  /** `ndjson` where absent. */
  readonly format?: HttpFormat | undefined
  readonly gzip?: boolean | undefined
  readonly tls?: TlsSettings | undefined
}

export interface SyslogSettings {
  readonly kind: 'syslog'
  readonly host: string
  readonly port: number
  /** Sends over TCP as it is, which anybody on the way can read. */
  readonly plaintext?: boolean | undefined
  /** Whether each batch has a connection of its own, whose end shows that all of it was read; true where absent. */
  readonly confirm?: boolean | undefined
  readonly tls?: TlsSettings | undefined
  /** As RFC 5424 names them: `user`, `local0` and so on; `local0` where absent. */
  readonly facility?: SyslogFacility | undefined
  /** `pushgraph` where absent. */
  readonly appName?: string | undefined
  /** Who says it: the name of this machine where absent. */
  readonly hostname?: string | undefined
}

/** The facilities of RFC 5424 in the order of their numbers, which begin at 0. */
export const syslogFacilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron'],
  ...['authpriv', 'ftp', 'ntp', 'security', 'console', 'solaris-cron'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
] as const

export type SyslogFacility = (typeof syslogFacilities)[number]
