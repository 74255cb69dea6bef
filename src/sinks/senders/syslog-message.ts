/**
 * Messages of syslog, each with its length before it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5424#section-6
 * @see https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1
 */
import { syslogFacilities, type SyslogFacility } from '../../model/sinks/receiver.ts'
import type { SinkItem } from '../sender.ts'

export interface SyslogOrigin {
  readonly facility: SyslogFacility
  readonly hostname: string
  readonly appName: string
}

/** One frame: how many bytes the message has, a space, the message. It is ASCII throughout. */
export const toFrame = (item: SinkItem, origin: SyslogOrigin): string => {
  const message = toMessage(item, origin)
  return `${message.length} ${message}`
}

const toMessage = (item: SinkItem, origin: SyslogOrigin): string => {
  const priority = syslogFacilities.indexOf(origin.facility) * 8 + severityOf(item.severity)
  const hostname = toName(origin.hostname, 255)
  const appName = toName(origin.appName, 48)
  const kind = toName(item.className ?? '', 32)
  const data = Object.entries({
    connector: item.connector,
    id: item.id,
    class: item.className ?? '',
  })
    .map(([name, value]) => ` ${name}="${toParameter(value)}"`)
    .join('')
  const head = `<${priority}>1 ${toTimestamp(item.time)} ${hostname} ${appName} - ${kind}`
  return `${head} [pushgraph@${ENTERPRISE}${data}] ${toAscii(item.line)}`
}

/** Who names an element of structured data himself does it under a number; this one is kept for those who have none. */
const ENTERPRISE = 32_473

/** That of syslog for that of OCSF: 0 unknown, 1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal. */
const severities: readonly number[] = [6, 6, 5, 4, 3, 2, 1]

const severityOf = (severity: number | undefined): number => severities[severity ?? 0] ?? 6

/** With four digits of the year: what is beyond them has no form there. */
const toTimestamp = (time: number): string => {
  const at = new Date(time)
  const year = Number.isNaN(at.getTime()) ? -1 : at.getUTCFullYear()
  return year >= 0 && year <= 9_999 ? at.toISOString() : '-'
}

/** Visible ASCII without a space, as the names in the head have to be; `-` stands for none. */
const toName = (text: string, length: number): string =>
  text.replace(/[^!-~]/g, '_').slice(0, length) || '-'

const toParameter = (text: string): string =>
  text.replace(/[^ -~]/g, '_').replace(/["\\\]]/g, character => `\\${character}`)

/**
 * The same JSON in ASCII. A message with more would have to begin with a byte order mark, before which no reader of JSON
 * looks for any.
 */
const toAscii = (json: string): string =>
  json.replace(
    // eslint-disable-next-line no-control-regex -- the first ones are what ASCII is made of
    /[^\x00-\x7e]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
