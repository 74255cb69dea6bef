/** The questions of GraphiQL's menu, as a page of the documentation has them: written in one place, shown in two. */
import { Kind, type OperationDefinitionNode, parse } from 'graphql'

/** Where the build of the page leaves them, beside it. */
export const QUESTIONS_FILE = 'questions.json'

export interface Question {
  /** The name of its operation, by which it can be linked to. */
  readonly name: string
  /** The question itself, or else its name in words. */
  readonly title: string
  /** The heading that it stands below. */
  readonly section: string
  /** Its document, as written. */
  readonly query: string
}

/**
 * Those of a page in Markdown: each example in GraphQL that is one operation with a name. Its title is the third heading
 * above it, or the question that the paragraph before it ends with.
 */
export const readQuestions = (markdown: string): readonly Question[] => {
  const found: Question[] = []
  let section = ''
  let heading = ''
  let paragraph = ''
  for (const [block] of markdown.matchAll(BLOCK)) {
    const text = block.trim()
    if (text.startsWith('## ')) {
      section = plain(text.slice(3))
      heading = ''
    } else if (text.startsWith('### ')) heading = plain(text.slice(4))
    else if (text.startsWith('```')) {
      const query = /^```graphql\n([\s\S]*)```$/.exec(text)?.[1]
      const name = query === undefined ? undefined : nameOf(query)
      if (query !== undefined && name !== undefined)
        found.push({
          name,
          title: heading || questionIn(paragraph) || inWords(name),
          section,
          query,
        })
    }
    paragraph = text
  }
  return found
}

/** A fenced example, a heading, or a paragraph. */
const BLOCK = /^```[\s\S]*?^```$|^#{1,6} .*$|(?:^(?!```|#{1,6} ).+\n?)+/gm

/** Undefined where the text is not one operation with a name. */
const nameOf = (query: string): string | undefined => {
  const operations = parse(query).definitions.filter(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  )
  return operations.length === 1 ? operations[0]?.name?.value : undefined
}

/** The last sentence, where it is a question. */
const questionIn = (paragraph: string): string =>
  plain(/(?:^|[.:;] |^\d+\. )([^.:;]*\?)\**$/.exec(paragraph.replaceAll('\n', ' '))?.[1] ?? '')

/** `StaleAccountsWithoutMfa` is "Stale accounts without MFA". */
const inWords = (name: string): string => {
  const words = name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ').toLowerCase()
  return words.replaceAll(/\b(mfa|ocsf|url|sso)\b|^./g, letters => letters.toUpperCase())
}

/** Without the marks of Markdown. */
const plain = (text: string): string =>
  text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*_`]/g, '')
    .trim()
