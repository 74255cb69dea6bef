/** A value of the scalar JSON, written as soon as it is had: as a text it takes a fifth of what its objects take. */
export class WrittenJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The value itself, for whoever does not send it. */
  toJSON(): unknown {
    return JSON.parse(this.text) as unknown
  }
}

/** The value as it stands in an answer; undefined for what JSON has no word for. */
export const writtenJson = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : new WrittenJson(text)
}
