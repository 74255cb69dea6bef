/** Messages as callers send them over a WebSocket, before the protocol takes them. */
import { type Message, MessageType, parseMessage } from 'graphql-ws'
import { BadInputError } from '../../errors.ts'
import { ID_NAMES } from '../documents/asked-ids.ts'
import { checkJson } from '../json-size.ts'

/** Why a message is not even read. */
export const flawOf = (text: string): string | undefined => {
  try {
    checkJson(text)
    return undefined
  } catch (error) {
    if (error instanceof BadInputError) return error.message
    throw error
  }
}

const hasId = new RegExp(`"(${ID_NAMES})"`)

/** The protocol wants a text from those, too, who ask for a document by its id alone. */
export const withQuery = (text: string): string => {
  if (!hasId.test(text)) return text
  try {
    const message = JSON.parse(text) as { readonly payload?: { readonly query?: unknown } }
    const { payload } = message
    if (typeof payload !== 'object' || (payload.query ?? null) !== null) return text
    return JSON.stringify({ ...message, payload: { ...payload, query: '' } })
  } catch {
    return text
  }
}

/** Undefined where it is none, which the protocol tells. */
export const readMessage = (text: string): Message | undefined => {
  try {
    return parseMessage(text)
  } catch {
    return undefined
  }
}

/** Letters of an operation's id, and of a message that asks for none. */
const MAX_ID = 256
const MAX_OTHER = 65_536

/** Why a message of so many letters is not taken; undefined where it is. */
export const wrongWith = (message: Message, letters: number): string | undefined => {
  if (serverMessages.has(message.type)) return 'Invalid message received'
  if ('id' in message && message.id.length > MAX_ID)
    return `The id of an operation may have ${MAX_ID} letters`
  if (message.type !== MessageType.Subscribe && letters > MAX_OTHER)
    return `A message that asks for no operation may have ${MAX_OTHER} letters`
  return undefined
}

/** Messages that only a server sends. */
const serverMessages: ReadonlySet<MessageType> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
])
