/** The address of a database as people write it: `postgres://user:password@host:5432/name`, also with several hosts. */

/**
 * The address of each server that it names, in its order: `postgres://me@one:5432,two/name` names two. One that names no
 * host, or says in another way where it is, is one.
 */
export const serversIn = (address: string): readonly string[] => {
  const found = /^([a-z]+:\/\/)([^/?#]*)(.*)$/is.exec(address)
  if (found === null) return [address]
  const [, scheme = '', authority = '', rest = ''] = found
  const at = authority.lastIndexOf('@') + 1
  const user = authority.slice(0, at)
  return authority
    .slice(at)
    .split(',')
    .map(host => `${scheme}${user}${host}${rest}`)
}
