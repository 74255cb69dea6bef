/**
 * The reference questions as one must ask them of a schema that was made of Push's OpenAPI description: a list is one page, and
 * filters are the parameters that Push has. What that cannot say has no such form.
 */
import type { Question } from './reference.ts'

export interface Rephrased {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** The `data` that came, in the shape of the question's own answer. */
  readonly toData: (data: Data) => unknown
}

type Row = Readonly<Record<string, unknown>>
type Data = Readonly<Record<string, unknown>>

const resultOf = (data: Data, list: string): readonly Row[] =>
  (data[list] as { readonly result?: readonly Row[] } | null)?.result ?? []

const forms: Readonly<Record<string, (question: Question) => Rephrased>> = {
  '200 findings with employee, account and app': () => ({
    query: `{ findings(limit: 200) { result { id typeRaw: type employee { id email } account { id email } app { id type } } } }`,
    variables: {},
    toData: data => ({ findings: { nodes: resultOf(data, 'findings') } }),
  }),
  '100 employees by id': ({ variables }) => ({
    query: `{ ${(variables.ids as readonly string[])
      .map((id, index) => `e${index}: employee(id: ${JSON.stringify(id)}) { id email firstName }`)
      .join('\n')} }`,
    variables: {},
    toData: data => ({ employees: { nodes: Object.values(data) } }),
  }),
  "the last day's detections with events": ({ variables }) => ({
    query: `query ($after: Int!) { detections(creationTimestampAfter: $after, limit: 200) { result {
      id responseRaw: response details { events { id url account { id email } } } } } }`,
    // Push gives what was made after that second.
    variables: { after: Date.parse(String(variables.since)) / 1_000 - 1 },
    toData: data => ({
      detections: {
        nodes: resultOf(data, 'detections').map(({ details, ...row }) => ({
          ...row,
          events: (details as { readonly events: unknown } | null)?.events,
        })),
      },
    }),
  }),
}

/** Undefined where such a schema cannot be asked that. */
export const rephrase = (question: Question): Rephrased | undefined =>
  forms[question.name]?.(question)
