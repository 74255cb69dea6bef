import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** Breaks it, by a reset where it can be: a connection by TLS knows none of its own. */
export const breakConnection = (socket: Socket | null): void => {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket?.resetAndDestroy()
}
