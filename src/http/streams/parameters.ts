/** The parameters of an operation as they come over HTTP: members of a JSON body, or of the address. */

export interface OperationParameters {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Record<string, unknown> | undefined
}

/**
 * What is asked for, or a sentence that says which parameter cannot be read: one that is dropped instead could be the
 * filter without which everything passes. In an address, variables are the text of a JSON object.
 */
export const readParameters = (
  asked: unknown,
  inAddress: boolean,
): OperationParameters | string => {
  const { query, operationName, variables: given } = membersOf(asked)
  if (typeof query !== 'string') return 'The request must hold one GraphQL document, in "query"'
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    return '"operationName" must be one name'
  const variables = inAddress ? readJson(given) : given
  if (!isAbsent(variables) && !isRecord(variables))
    return inAddress
      ? '"variables" must be the text of one JSON object'
      : '"variables" must be a JSON object'
  return { query, operationName: operationName || undefined, variables: variables ?? undefined }
}

const readJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const membersOf = (asked: unknown): Readonly<Record<string, unknown>> =>
  isRecord(asked) ? asked : {}
