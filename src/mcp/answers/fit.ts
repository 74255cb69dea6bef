/** Keeps answers short enough for a model: by asking once more for shorter pages, never by cutting one off. */
import type { AskGraph, ToolQuestion, AnswerAwaited, GraphAnswer } from '../ask-graph.ts'
import { nextPages, type VariableUses } from '../tools/variable-uses.ts'
import { hasFailedWhole, type ToldAnswer, toToldAnswer } from './told-answer.ts'

/** Objects of a page whose length nobody gave: what the graph gives then. */
const USUAL_SIZE = 50

/** Pages are not all alike: a little less than would fit on the average. */
const MARGIN = 0.8

/** What of an operation's variables leads through its pages. */
export type PageUses = Pick<VariableUses, 'sizes' | 'defaults' | 'pages'>

/** Where nothing is to be asked once more. */
export const noPages: PageUses = { sizes: [], defaults: {}, pages: [] }

export interface Fitted {
  readonly answer: GraphAnswer
  readonly told: ToldAnswer
  readonly text: string
  readonly bytes: number
}

/**
 * The answer in at most `maxBytes` of JSON, with shorter pages where it would have more. Where pages of one object are too
 * long, or it has none, the last answer is given with its size, for the caller to refuse.
 *
 * @throws what `ask` throws
 */
export const askToFit = async (
  ask: AskGraph,
  question: ToolQuestion,
  usesOf: () => PageUses,
  maxBytes: number,
  waiting: AnswerAwaited,
): Promise<Fitted> => {
  let variables = question.variables
  let shortened: Sizes | undefined
  for (;;) {
    const answer = await ask({ ...question, variables }, waiting)
    // What cannot be read has no answer.
    const uses = hasFailedWhole(answer) ? noPages : usesOf()
    const next = nextPages(uses, answer.data)
    const note = shortened && noteOf(shortened, maxBytes, Object.keys(next).length > 0)
    const told = toToldAnswer(answer, { note, next })
    const text = JSON.stringify(told)
    const bytes = answer.unreadLetters ?? Buffer.byteLength(text)
    const shorter = bytes <= maxBytes ? undefined : shorterPages(uses, variables, maxBytes / bytes)
    if (shorter === undefined) return { answer, told, text, bytes }
    variables = { ...variables, ...shorter }
    shortened = shorter
  }
}

type Sizes = Readonly<Record<string, number>>

/** Lengths at which that share of it may be; undefined where none is left. */
const shorterPages = (
  { sizes, defaults }: PageUses,
  variables: ToolQuestion['variables'],
  share: number,
): Sizes | undefined => {
  const given = { ...defaults, ...variables }
  const shorter = sizes.flatMap((name): [string, number][] => {
    const size = given[name] ?? USUAL_SIZE
    if (typeof size !== 'number' || size <= 1) return []
    return [[name, Math.max(1, Math.min(size - 1, Math.floor(size * share * MARGIN)))]]
  })
  return shorter.length === 0 ? undefined : Object.fromEntries(shorter)
}

const noteOf = (sizes: Sizes, maxBytes: number, hasNext: boolean): string => {
  const told = Object.entries(sizes).map(([name, size]) => `${name}: ${size}`)
  const wayOut = hasNext
    ? 'Go on with next, or narrow the question'
    : 'Narrow the question for more'
  return `Shortened to ${told.join(', ')}, since an answer has at most ${maxBytes} bytes. ${wayOut}.`
}
