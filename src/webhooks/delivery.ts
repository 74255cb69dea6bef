/**
 * From the bytes of a delivery to the event in it. Whatever is a JSON object is one, and says what was inferred; what
 * cannot be stored and served again is refused whole.
 */
import { collectionNames, collections } from '../model/collections.ts'
import { UNRECOGNIZED } from '../model/enums.ts'
import {
  isMembers,
  objectIn,
  subjectOf,
  TOLERANCE_SECONDS,
  type EventFacts,
  type Members,
} from '../model/events.ts'
import { isUnixTime } from '../model/values.ts'
import { parseJson } from '../model/well-formed.ts'
import { categoryOf, idOf, momentIn } from './infer.ts'

export type Delivery =
  | { readonly ok: true; readonly event: EventFacts }
  /** `problem` is a sentence without any value of the body. */
  | { readonly ok: false; readonly problem: string }

/**
 * Objects and lists inside one another. Push's are 5 deep; what reads and writes them is recursive, and SQLite, with
 * which others may read the file, takes no JSON that is deeper.
 */
const MAX_DEPTH = 1_000
/** Bytes. What is longer is neither: ids and words are looked up in indexes, which take no more. */
const MAX_ID_BYTES = 512
const MAX_WORD_BYTES = 256

/**
 * The event that these bytes tell; they must be one JSON object in UTF-8. `arrivedAt`: when this send of it came
 * (UNIX seconds), which stands for a time that is missing or lies far beyond it.
 */
export const readDelivery = (bytes: Uint8Array, arrivedAt: number): Delivery => {
  const body = decode(bytes)
  if (body === undefined) return { ok: false, problem: 'The body is not UTF-8' }
  if (isTooDeep(body))
    return { ok: false, problem: `The body is more than ${MAX_DEPTH} levels deep` }
  const payload = parse(body)
  if (!isMembers(payload)) return { ok: false, problem: 'The body is not a JSON object' }

  const sent = {
    id: wholeWord(idIn(payload, 'id')),
    object: wordIn(payload, 'object'),
    category: wordIn(payload, 'category'),
    timestamp: timestampOf(payload, arrivedAt + TOLERANCE_SECONDS),
  }
  const object = sent.object ?? UNRECOGNIZED
  const category = sent.category ?? categoryOf(object)
  const said = Object.hasOwn(payload, 'timestamp') && isUnixTime(payload['timestamp'])
  // A time too far ahead says that a clock is wrong, not when else it was.
  const happened = sent.timestamp ?? (said ? undefined : momentIn(payload, arrivedAt)) ?? arrivedAt
  return {
    ok: true,
    event: {
      id: sent.id ?? idOf(body),
      object,
      category,
      type: wordIn(payload, 'type'),
      objectName: textOf(payload, 'friendlyName'),
      description: textOf(payload, 'description'),
      occurredAt: Math.floor(happened),
      ...linksOf(object, category, payload),
      inferred: Object.entries(sent).flatMap(([name, value]) => (value === null ? [name] : [])),
      body,
    },
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** The parser's own message repeats what it read. */
const parse = (body: string): unknown => {
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Counts brackets outside of texts. */
const isTooDeep = (body: string): boolean => {
  let depth = 0
  let inText = false
  for (let index = 0; index < body.length; index++) {
    const unit = body.charCodeAt(index)
    if (inText) {
      if (unit === BACKSLASH) index++
      else if (unit === QUOTE) inText = false
    } else if (unit === QUOTE) inText = true
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      depth++
      if (depth > MAX_DEPTH) return true
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth--
  }
  return false
}

/** A text that is not empty and that a file can hold as it is; null for anything else. */
const textOf = (members: Members | undefined, ...names: readonly string[]): string | null => {
  for (const name of names) {
    if (members === undefined || !Object.hasOwn(members, name)) continue
    const value = members[name]
    if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value
  }
  return null
}

const idIn = (members: Members | undefined, ...names: readonly string[]): string | null =>
  upTo(MAX_ID_BYTES, textOf(members, ...names))

const wordIn = (members: Members | undefined, name: string): string | null =>
  upTo(MAX_WORD_BYTES, textOf(members, name))

const upTo = (mostBytes: number, text: string | null): string | null =>
  text === null || Buffer.byteLength(text) > mostBytes ? null : text

/** Not where letters of it are lost: two ids might be one then. */
const wholeWord = (word: string | null): string | null =>
  word === null || word.includes('\ufffd') ? null : word

/** When Push says that it happened (UNIX seconds); null where it says nothing, or a time later than `latest`. */
const timestampOf = (payload: Members, latest: number): number | null => {
  const value = Object.hasOwn(payload, 'timestamp') ? payload['timestamp'] : undefined
  return isUnixTime(value) && value <= latest ? value : null
}

type Links = Pick<
  EventFacts,
  | 'entityId'
  | 'employeeId'
  | 'accountId'
  | 'appId'
  | 'appType'
  | 'browserId'
  | 'email'
  | 'sourceIpAddress'
  | 'url'
>

/** Which of the objects that an event is about has which of its ids; the others have none but `entityId`. */
const ownIds: ReadonlyMap<string, keyof Links> = new Map(
  collectionNames.flatMap(name => {
    const { object, idField } = collections[name].webhook
    return object === null ? [] : [[object, idField]]
  }),
)

const linksOf = (object: string, category: string, payload: Members): Links => {
  const subject = subjectOf(payload)
  const employee = objectIn(subject, 'employee')
  const actor = objectIn(payload, 'actor')
  const isChange = category === 'ENTITY' || category === 'DETECTION'
  const entityId = isChange ? idIn(subject, 'id') : null
  const own = isChange ? ownIds.get(object) : undefined
  // An APP_OTHER's `appId` is that of an identity provider, and means no app of Push.
  const appId = object === 'APP_OTHER' ? null : idIn(subject, 'appId')
  const links: Links = {
    entityId,
    employeeId: idIn(subject, 'employeeId', 'employee_id') ?? idIn(employee, 'id'),
    accountId: idIn(subject, 'accountId'),
    appId,
    appType: wordIn(subject, 'appType'),
    browserId: idIn(subject, 'browserId'),
    email:
      textOf(subject, 'email', 'accountEmail') ??
      textOf(employee, 'email') ??
      textOf(actor, 'email'),
    sourceIpAddress: textOf(subject, 'sourceIpAddress') ?? textOf(actor, 'sourceIpAddress'),
    url: textOf(subject, 'url', 'loginUrl'),
  }
  return own === undefined ? links : { ...links, [own]: entityId }
}
