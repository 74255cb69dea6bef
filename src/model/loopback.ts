/** Names and addresses of this machine that no other one reaches. */
import { isIP } from 'node:net'

/** Whether only this machine reaches the host, named as settings or addresses (IPv6 in brackets) name it. */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  )
}
