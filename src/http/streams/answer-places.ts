/**
 * Answers whose text is ready, in messages that a library writes: it writes a word in their place, and the text is put
 * there when the message leaves. To read and write a long answer once more would hold everybody up.
 */
import { randomUUID } from 'node:crypto'
import type { ExecutionResult, FormattedExecutionResult } from 'graphql'
import { AnswerText } from '../../graphql/operation/answer-text.ts'
import { joined, type Text } from '../../graphql/compiled/text.ts'

/** Of one connection. */
export class AnswerPlaces {
  /** Nobody outside can know it, and so put it into an answer. */
  readonly #word = `answer-${randomUUID()}-`
  readonly #texts = new Map<string, Text>()
  #given = 0

  /** The same answer, with a word in place of a text. */
  hold<Result extends ExecutionResult | FormattedExecutionResult>(result: Result): Result {
    const { data } = result as { readonly data?: unknown }
    if (!(data instanceof AnswerText)) return result
    this.#given += 1
    const word = `${this.#word}${this.#given}`
    this.#texts.set(word, data.text)
    return { ...result, data: word }
  }

  /** The message with the text in place of its word. */
  fill(message: string): Text {
    if (this.#texts.size === 0) return message
    const at = message.indexOf(`"${this.#word}`)
    if (at < 0) return message
    const end = message.indexOf('"', at + 1)
    const word = message.slice(at + 1, end)
    const text = this.#texts.get(word) ?? 'null'
    this.#texts.delete(word)
    return joined(message.slice(0, at), text, message.slice(end + 1))
  }
}
