/** When two values are the same to a search: what may be written in several ways is compared in one. */
import { folded } from '../../filter/letters.ts'
import type { Likeness } from '../../model/observables.ts'
import { toIp } from './spelling.ts'

/** Whether a text of a field is the value, or holds it where hosts are asked for. */
export const likenessTo = (value: string, as: Likeness): ((text: string) => boolean) => {
  switch (as) {
    case 'id':
      return text => text === value
    case 'text':
      return same(folded.of, folded.of(value))
    case 'addressHost':
      return same(hostOfAddress, toHost(value))
    case 'urlHost':
      return same(hostOfUrl, toHost(value))
    case 'url':
      return same(toUrl, toUrl(value))
    case 'ip':
      return same(toIp, toIp(value))
    default:
      return as satisfies never
  }
}

const same =
  (form: (text: string) => string | undefined, wanted: string | undefined) =>
  (text: string): boolean =>
    wanted !== undefined && form(text) === wanted

/** Of an internationalized name the form that goes over the wire; without the dot of the root. */
export const toHost = (name: string): string =>
  (parse(`http://${name}/`)?.hostname || folded.of(name)).replace(/\.$/, '')

/** Plain letters need no parsing, which counts where there are many thousand accounts. */
const hostOfAddress = (address: string): string | undefined => {
  const at = address.lastIndexOf('@')
  if (at < 0) return undefined
  const host = address.slice(at + 1)
  return /^[\w.-]+$/.test(host) ? host.toLowerCase().replace(/\.$/, '') : toHost(host)
}

/** A website may stand there without its scheme. */
const parseUrl = (text: string): URL | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parse(text) : parse(`https://${text}`)

const hostOfUrl = (text: string): string | undefined => {
  const host = parseUrl(text)?.hostname
  return host === undefined || host === '' ? undefined : host.toLowerCase().replace(/\.$/, '')
}

const toUrl = (text: string): string => folded.of(toHref(text))

/**
 * A web address as a browser sends it, without the place in the page (`#...`), which never reaches a server; any other
 * text as it is.
 */
export const toHref = (text: string): string => {
  const url = parseUrl(text)
  if (url === undefined) return text
  url.hash = ''
  if (url.hostname.startsWith('[')) url.hostname = writtenInUrl(toIp(url.hostname))
  else if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  return url.href
}

const writtenInUrl = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip)

const parse = (text: string): URL | undefined => URL.parse(text) ?? undefined
