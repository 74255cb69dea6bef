/** The endpoints: which there are, and who answers them. */
import { type CollectionName } from '../model/rows.ts'
import { type Answer, refusal } from './answer.ts'
import type { Lists } from './lists.ts'
import type { PushDetection, PushRows } from './tenant/objects.ts'
import { createPaging } from './paging.ts'
import type { Switches } from './switches.ts'
import { createWrites } from './writes.ts'

/** A request that has passed key and limiter. */
export interface ApiRequest {
  readonly method: string
  readonly endpoint: Endpoint | undefined
  readonly query: URLSearchParams
  /** Parsed JSON; undefined where there is no body, `unreadable` where it is no JSON. */
  readonly body: unknown
}

export const unreadable = Symbol('a body that is no JSON')

export interface Endpoint {
  /** With the id left open: `/accounts/{id}`. */
  readonly route: string
  readonly collection: CollectionName
  readonly id: string | undefined
  readonly action: string | undefined
}

const patched: readonly string[] = ['employees', 'apps', 'detections']

/** The endpoint at a path below `/v1`, or undefined. */
export const findEndpoint = (lists: Lists, path: string): Endpoint | undefined => {
  const [empty, name = '', id, action, ...others] = path.split('/')
  if (empty !== '' || others.length > 0 || id === '' || !Object.hasOwn(lists.data, name))
    return undefined
  const collection = name as CollectionName
  const route = [`/${name}`, ...(id === undefined ? [] : ['{id}']), ...(action ?? '').split('/')]
    .filter(part => part !== '')
    .join('/')
  if (action !== undefined && actions[route] === undefined) return undefined
  return { route, collection, id: id === undefined ? id : decode(id), action }
}

// What no percent-encoding gives is looked up as it stands, and not found.
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const actions: Readonly<Record<string, readonly string[]>> = {
  '/employees/{id}/merge': ['POST'],
  '/employees/{id}/groups': ['POST', 'DELETE'],
  '/accounts/{id}/loginMethods': ['DELETE'],
}

/** Answers requests by the data of `lists`, as the switches have it at that moment. */
export const createRoutes = (
  lists: Lists,
  switches: Readonly<Switches>,
  secret: string,
): ((request: ApiRequest) => Answer) => {
  const whole = (detection: PushDetection): object => {
    const employee = lists.find('employees', detection.employeeId)
    return employee === undefined ? detection : { ...detection, employee }
  }

  const inList = <Name extends CollectionName>(collection: Name, row: PushRows[Name]): unknown => {
    if (collection !== 'detections') return row
    const detection = row as PushDetection
    if (switches.listDetails) return whole(detection)
    const { events: _, ...bare } = detection
    return bare
  }

  const paging = createPaging(lists, switches, secret, inList)
  const writes = createWrites(lists, switches)

  const one = (collection: CollectionName, id: string): Answer => {
    const mode =
      typeof switches.byId === 'string' ? switches.byId : (switches.byId[collection] ?? 'works')
    if (mode === 'missing') return refusal(404, 'Not found')
    if (mode === 'forbidden') return refusal(403, 'Forbidden')
    const row = lists.find(collection, id)
    if (row === undefined) return refusal(switches.unknownId, 'Not found')
    return { status: 200, body: collection === 'detections' ? whole(row as PushDetection) : row }
  }

  const write = (
    { method, body }: ApiRequest,
    { collection, id = '', route }: Endpoint,
  ): Answer => {
    switch (`${method} ${route}`) {
      case 'POST /employees/{id}/merge':
        return writes.merge(id, body)
      case 'POST /employees/{id}/groups':
        return writes.group(id, body, 'add')
      case 'DELETE /employees/{id}/groups':
        return writes.group(id, body, 'remove')
      case 'DELETE /accounts/{id}/loginMethods':
        return writes.removeLoginMethod(id, body)
      case 'DELETE /accounts/{id}':
        return writes.deleteAccount(id)
      default:
        return writes.patch(collection as 'employees' | 'apps' | 'detections', id, body)
    }
  }

  return request => {
    const { method, endpoint, query, body } = request
    if (endpoint === undefined) return refusal(404, 'Not found')
    const { collection, id } = endpoint
    const allowed = methodsOf(endpoint)
    if (!allowed.includes(method))
      return { ...refusal(405, 'Method not allowed'), headers: { allow: allowed.join(', ') } }
    if (id === undefined) return paging.list(collection, query)
    if (method === 'GET') return one(collection, id)
    if (body === unreadable) return refusal(400, 'The body is no JSON')
    return asSwitched(switches, collection, one(collection, id), () => write(request, endpoint))
  }
}

/** The answer to a write under the switches, which may keep it from being made; `unchanged` is the object before. */
const asSwitched = (
  { writes, writeAnswers }: Readonly<Switches>,
  collection: CollectionName,
  unchanged: Answer,
  write: () => Answer,
): Answer => {
  const mode = typeof writes === 'string' ? writes : (writes[collection] ?? 'works')
  if (mode === 'missing') return refusal(404, 'Not found')
  if (mode === 'refused') return refusal(400, 'This cannot be changed')
  const answer = mode === 'ignored' ? unchanged : write()
  if (answer.status !== 200 || writeAnswers === 'object') return answer
  return writeAnswers === 'empty' ? { ...answer, body: {} } : { status: 204 }
}

const methodsOf = ({ collection, id, action, route }: Endpoint): readonly string[] => {
  if (id === undefined) return ['GET']
  if (action !== undefined) return actions[route] ?? []
  return [
    'GET',
    ...(patched.includes(collection) ? ['PATCH'] : []),
    ...(collection === 'accounts' ? ['DELETE'] : []),
  ]
}
