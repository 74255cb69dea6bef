/**
 * In which fields of stored events each kind of value is looked for, as filters that an index of the event file answers:
 * by e-mail address, IP address and id, and by web address, of which those of one host are ranges of the index. What
 * a body alone holds is not searched.
 */
import { isIPv4 } from 'node:net'
import { and, type Filter, or } from '../../filter/filter.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import { type ObservableKind, observableKinds } from '../../model/observables.ts'
import { isAbout, isOneOf } from '../stored/history.ts'
import { toHost, toHref } from './compare.ts'
import { spellingsOfIp } from './spelling.ts'

/** A field of events in which a kind of value is looked for. */
export interface EventField {
  readonly kind: ObservableKind
  /** As a match names it. */
  readonly name: string
  /** The events of those connectors that hold the value there. */
  filter(value: string, connectors: readonly string[]): Filter
}

const is = (field: string, value: string): Filter => ({ kind: 'compare', field, op: 'eq', value })

const texts = (field: string, values: readonly string[]): Filter => ({
  kind: 'textIn',
  field,
  values: [...new Set(values)],
  caseSensitive: false,
})

/** In the order of UTF-8, what begins with the text. */
const begins = (field: string, text: string): Filter =>
  and([
    { kind: 'compare', field, op: 'gte', value: text },
    { kind: 'compare', field, op: 'lt', value: `${text}\u{10ffff}` },
  ])

/** Web addresses are stored as browsers write them, scheme and host in small letters, and the host comes right after. */
const ofHost = (field: string, host: string): Filter =>
  or(
    ['https', 'http'].flatMap(scheme => {
      const origin = `${scheme}://${host}`
      return [is(field, origin), ...[...'/:?#'].map(next => begins(field, origin + next))]
    }),
  )

/** Web addresses of that page, whatever place in it they name. */
const ofPage = (field: string, url: string): Filter => {
  const pages = writtenAs(url)
  return or([
    { kind: 'in', field, values: [...pages, url] },
    ...pages.map(page => begins(field, `${page}#`)),
  ])
}

/** A web address as it was given, and as a browser writes it, which leaves an IPv4 address within IPv6 in hexadecimals. */
const writtenAs = (url: string): readonly string[] => {
  const href = toHref(url)
  const { hostname = '' } = URL.parse(href) ?? {}
  const mapped = isIPv4(hostname) ? URL.parse(`http://[::ffff:${hostname}]/`)?.hostname : undefined
  const pages = [
    url.replace(/#.*$/s, ''),
    href,
    ...(mapped === undefined ? [] : [href.replace(hostname, mapped)]),
  ]
  return [...new Set(pages.flatMap(page => [page, page.replace(/\/$/, '')]))]
}

type Place = readonly [kind: ObservableKind, field: string, filter: EventField['filter']]

/** The fields with the ids of the objects that events are about: each collection has its own kind of id. */
const ownIds = collectionNames.flatMap((name): readonly Place[] => {
  const { search, webhook } = collections[name]
  const { idField } = webhook
  const kind = observableKinds.find(
    of => search[of]?.first?.includes('id') || search[of]?.last?.includes('id'),
  )
  if (kind === undefined) return []
  if (idField !== 'entityId') return [[kind, idField, value => is(idField, value)]]
  return [[kind, idField, value => and([is(idField, value), isAbout(name)])]]
})

export const eventFields: readonly EventField[] = (
  [
    ['EMAIL_ADDRESS', 'email', value => texts('email', [value])],
    ...ownIds,
    // Ids are unique within their connector, and the index is by both.
    [
      'EVENT_ID',
      'id',
      (value, connectors) => and([isOneOf('connectorAlias', connectors), is('id', value)]),
    ],
    ['DOMAIN', 'url', value => ofHost('url', toHost(value))],
    ['URL', 'url', value => ofPage('url', value)],
    ['IP_ADDRESS', 'sourceIpAddress', value => texts('sourceIpAddress', spellingsOfIp(value))],
  ] satisfies readonly Place[]
).map(([kind, field, filter]) => ({ kind, name: `Event.${field}`, filter }))
