/** The mutations: what each changes, and what may stand in its input. */
import { BadInputError } from '../errors.ts'
import type { Members } from '../model/events.ts'
import { UNRECOGNIZED } from '../model/enums.ts'
import type { Row } from '../model/rows.ts'
import { fieldOf } from '../model/values.ts'
import type { WriteRequest } from '../store/store.ts'
import type { WritableName } from './revisions.ts'

/** One change that Push is to be asked to make. */
export interface ObjectWrite {
  readonly collection: WritableName
  readonly id: string
  readonly request: WriteRequest
  /** The employee that it names, whom there must be. */
  readonly ownerId: string | undefined
  /** Whether it carries a text that may name a person. */
  readonly isPersonal: boolean
  /** Whether the object is as was asked for; `row` is null where there is none. */
  readonly isMadeOn: (row: Row | null) => boolean
}

export type MutationName =
  'updateDetection' | 'updateApp' | 'updateEmployee' | 'deleteAccount' | 'removeAccountLoginMethod'

/** Reads one member of an input as it is sent. @throws {BadInputError} */
type Read = (value: unknown, path: string) => unknown

const MAX_WORD_LENGTH = 100
const MAX_NOTES_LENGTH = 10_000

const orNull =
  (read: Read): Read =>
  (value, path) =>
    value === null ? null : read(value, path)

const flag: Read = (value, path) => {
  if (value === null)
    throw new BadInputError(`${path} is true or false; leave it out to keep it as it is`, path)
  return value
}

const word: Read = (value, path) => {
  if (value === UNRECOGNIZED)
    throw new BadInputError(`${UNRECOGNIZED} stands for what Push sends and cannot be sent`, path)
  return value
}

const text =
  (maxLength: number, pattern: RegExp, kind: string): Read =>
  (value, path) => {
    const sent = String(value)
    if (sent === '' || sent.length > maxLength || !pattern.test(sent) || !sent.isWellFormed())
      throw new BadInputError(`${path} is ${kind} of 1 to ${maxLength} letters, or null`, path)
    return sent
  }

/** Control characters but tabs and line breaks are nobody's note. */
const notes = text(MAX_NOTES_LENGTH, /^[^\p{Cc}]*(?:[\t\r\n][^\p{Cc}]*)*$/u, 'a text')
const classification = text(MAX_WORD_LENGTH, /^[^\p{Cc}]+$/u, 'a word such as FALSE_POSITIVE')

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** An id as Push gives them; undefined for any other text. */
export const wellFormedId = (value: unknown): string | undefined =>
  typeof value === 'string' && UUID.test(value) ? value : undefined

const id: Read = (value, path) => {
  const read = wellFormedId(value)
  if (read !== undefined) return read
  throw new BadInputError(
    `${path} is an id as Push gives them, such as 37cda962-7e78-49bc-8721-1becd16276a3`,
    path,
  )
}

/** A change of some fields: at least one of them. */
const patch =
  (collection: WritableName, fields: Readonly<Record<string, Read>>) =>
  (input: Members): ObjectWrite => {
    const given = Object.entries(fields).filter(([field]) => input[field] !== undefined)
    if (given.length === 0)
      throw new BadInputError(
        `There is nothing to change: give at least one of ${Object.keys(fields).join(', ')}`,
        'input',
      )
    const body = Object.fromEntries(
      given.map(([field, read]) => [field, read(input[field], `input.${field}`)]),
    )
    const owner = body['ownerId']
    return {
      collection,
      id: String(id(input['id'], 'input.id')),
      request: { method: 'PATCH', body },
      ownerId: typeof owner === 'string' ? owner : undefined,
      isPersonal: typeof body['notes'] === 'string',
      isMadeOn: row =>
        row !== null &&
        Object.entries(body).every(([field, value]) => fieldOf(row, field) === value),
    }
  }

const accountOf = (input: Members) => ({
  collection: 'accounts' as const,
  id: String(id(input['id'], 'input.id')),
  ownerId: undefined,
  isPersonal: false,
})

/** Where an account's row says that it can be logged into like that. */
const loginFields: Readonly<Record<string, string>> = {
  USERNAME_PASSWORD: 'passwordLogin',
  OKTA_SWA: 'oktaSwaLogin',
  OIDC: 'oidcLogin',
  SAML: 'samlLogin',
  FEDCM: 'fedCmLogin',
}

type ReadInput = (input: Members) => ObjectWrite

/** Reads the input of each mutation. @throws {BadInputError} with the path of what cannot be asked */
export const mutations: {
  readonly [name in MutationName]: {
    readonly collection: WritableName
    readonly read: ReadInput
  }
} = {
  updateDetection: {
    collection: 'detections',
    read: patch('detections', { archived: flag, classification: orNull(classification) }),
  },
  updateApp: {
    collection: 'apps',
    read: patch('apps', {
      approvalStatus: orNull(word),
      sensitivityLevel: orNull(word),
      notes: orNull(notes),
      ownerId: orNull(id),
    }),
  },
  updateEmployee: { collection: 'employees', read: patch('employees', { licensed: flag }) },
  deleteAccount: {
    collection: 'accounts',
    read: input => ({
      ...accountOf(input),
      request: { method: 'DELETE' },
      isMadeOn: row => row === null,
    }),
  },
  removeAccountLoginMethod: {
    collection: 'accounts',
    read: input => {
      const loginMethod = String(input['loginMethod'])
      const field = loginFields[loginMethod] ?? ''
      return {
        ...accountOf(input),
        request: { method: 'DELETE', part: 'loginMethods', body: { loginMethod } },
        isMadeOn: row => row !== null && [null, false].includes(fieldOf(row, field) as null),
      }
    },
  },
}
