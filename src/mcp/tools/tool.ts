/** A tool, as it is listed and called. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Rights } from '../../model/rights.ts'
import type { AskGraph, AnswerAwaited } from '../ask-graph.ts'
import type { ObjectSchema } from './json-schema.ts'

export type ToolArguments = Readonly<Record<string, unknown>>

export interface Tool {
  readonly name: string
  /** For people. */
  readonly title: string
  /** For models. */
  readonly description: string
  readonly inputSchema: ObjectSchema
  readonly outputSchema?: ObjectSchema
  /** Whether it changes something. */
  readonly writes: boolean
  /** Whether a caller of these rights can make use of it. */
  isFor(rights: Rights): boolean
  /** @throws {CallerLimitError} where its caller has too much under way */
  call(args: ToolArguments, ask: AskGraph, waiting: AnswerAwaited): Promise<CallToolResult>
}
