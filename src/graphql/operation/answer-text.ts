import { joined, type Text } from '../compiled/text.ts'

/** The data of an answer as the JSON text that it will be sent as. */
export class AnswerText {
  readonly text: Text

  constructor(text: Text) {
    this.text = text
  }

  /** The data itself, for whoever does not send it. */
  toJSON(): unknown {
    return JSON.parse(String(this.text)) as unknown
  }
}

/** What an answer's `data` holds, however it was made. */
export const dataOf = (data: unknown): unknown =>
  data instanceof AnswerText ? data.toJSON() : data

/** About what an error takes, in bytes. */
const ERROR_BYTES = 500

/** About how many bytes an answer has; its data is text by now, if it has any. */
export const lengthOfAnswer = ({
  data,
  errors = [],
}: {
  readonly data?: unknown
  readonly errors?: readonly unknown[]
}): number => (data instanceof AnswerText ? data.text.length : 0) + ERROR_BYTES * errors.length

/** The body of an answer. */
export const stringifyAnswer = (answer: Parameters<typeof answerJson>[0]): Text =>
  joined(answerJson(answer), '\n')

/** An answer as JSON, in one line. */
export const answerJson = (answer: {
  readonly errors?: unknown
  readonly data?: unknown
  readonly extensions?: unknown
}): Text => {
  const { errors, data, extensions } = answer
  if (!(data instanceof AnswerText)) return JSON.stringify(answer)
  const before = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`
  const more = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`
  return joined(`{${before}"data":`, data.text, `${more}}`)
}
