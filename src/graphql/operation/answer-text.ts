/** The data of an answer as the JSON text that it will be sent as. */
export class AnswerText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The data itself, for whoever does not send it. */
  toJSON(): unknown {
    return JSON.parse(this.text) as unknown
  }
}

/** What an answer's `data` holds, however it was made. */
export const dataOf = (data: unknown): unknown =>
  data instanceof AnswerText ? data.toJSON() : data

/** The body of an answer. */
export const stringifyAnswer = (answer: {
  readonly data?: unknown
  readonly extensions?: unknown
}): string => {
  const { data, extensions, ...rest } = answer
  if (!(data instanceof AnswerText) || Object.values(rest).some(value => value !== undefined))
    return `${JSON.stringify(answer)}\n`
  const more = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`
  return `{"data":${data.text}${more}}\n`
}
