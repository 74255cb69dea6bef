/** Keeps answers short enough for a model: by asking once more for shorter pages, never by cutting one off. */
import type { ExecutionResult } from 'graphql'
import type { AskGraph, ToolQuestion, AnswerAwaited } from '../ask-graph.ts'
import { nextPages, type VariableUses } from '../tools/variable-uses.ts'
import { hasFailedWhole, type ToldAnswer, toToldAnswer } from './told-answer.ts'

/** Objects of a page whose length nobody gave: what the graph gives then. */
const USUAL_SIZE = 50

/** Pages are not all alike: a little less than would fit on the average. */
const MARGIN = 0.8

/** What of an operation's variables leads through its pages. */
export type PageUses = Pick<VariableUses, 'sizes' | 'pages'>

const none: PageUses = { sizes: [], pages: [] }

export interface Fitted {
  readonly answer: ExecutionResult
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
  let note: string | undefined
  for (;;) {
    const answer = await ask({ ...question, variables }, waiting)
    // What cannot be read has no answer.
    const uses = hasFailedWhole(answer) ? none : usesOf()
    const told = toToldAnswer(answer, { note, next: nextPages(uses, answer.data) })
    const text = JSON.stringify(told)
    const bytes = Buffer.byteLength(text)
    const shorter =
      bytes <= maxBytes ? undefined : shorterPages(uses.sizes, variables, bytes, maxBytes)
    if (shorter === undefined) return { answer, told, text, bytes }
    variables = { ...variables, ...shorter }
    note = noteOf(shorter, maxBytes)
  }
}

type Sizes = Readonly<Record<string, number>>

/** Lengths at which it may fit; undefined where none is left. */
const shorterPages = (
  sizes: readonly string[],
  variables: ToolQuestion['variables'],
  bytes: number,
  maxBytes: number,
): Sizes | undefined => {
  const shorter = sizes.flatMap((name): [string, number][] => {
    const { [name]: size = USUAL_SIZE } = variables
    if (typeof size !== 'number' || size <= 1) return []
    const share = (maxBytes / bytes) * MARGIN
    return [[name, Math.max(1, Math.min(size - 1, Math.floor(size * share)))]]
  })
  return shorter.length === 0 ? undefined : Object.fromEntries(shorter)
}

const noteOf = (sizes: Sizes, maxBytes: number): string => {
  const told = Object.entries(sizes).map(([name, size]) => `${name}: ${size}`)
  return `Shortened to ${told.join(', ')}, since an answer has at most ${maxBytes} bytes. Go on with next, or narrow the question.`
}
