import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { TlsSettings } from '../../model/sinks/receiver.ts'

/** The settings as Node's TLS takes them, to which a member that is undefined is one that is set. */
export const toTlsOptions = ({ ca, cert, key, servername }: TlsSettings = {}): Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'servername'
> => ({
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
  ...(servername === undefined ? {} : { servername }),
})

/** The name that is asked for in a handshake: that of the host, where it has one; addresses are none. */
export const serverNameOf = (host: string): Pick<ConnectionOptions, 'servername'> =>
  isIP(host) === 0 ? { servername: host } : {}
