/** What GraphiQL's page opens with: its tabs, and the questions of its menu, as this graph answers them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Question, QUESTIONS_FILE } from './questions.ts'
import { renamer, type ServedTerms } from './served-names.ts'

export interface PageData {
  readonly tabs: readonly { readonly query: string }[]
  readonly questions: readonly Question[]
  /** What other pages link to, by the name of its operation. */
  readonly linked: Readonly<Record<string, string>>
}

const tabs = new URL('graphiql/tabs/', import.meta.url)

/** What a tab has where mutations are served stands behind these marks, a comment where they are not. */
const WITH_MUTATIONS = /#\+ ?/g

/** `directory`: where the built page lies. Where it was never built, there are no questions. */
export const pageDataOf = (
  directory: string,
  { naming, mutations }: ServedTerms,
  linked: PageData['linked'] = {},
): PageData => {
  const rename = renamer({ naming, mutations })
  return {
    tabs: readdirSync(tabs)
      .sort()
      .map(name => readFileSync(new URL(name, tabs), 'utf8'))
      .map(text => ({ query: rename(mutations ? text.replaceAll(WITH_MUTATIONS, '') : text) })),
    questions: readBuilt(directory).map(question => ({
      ...question,
      query: rename(question.query),
    })),
    linked,
  }
}

/** The texts of all operations that the page offers. */
export const textsOf = ({ tabs, questions, linked }: PageData): readonly string[] => [
  ...[...tabs, ...questions].map(({ query }) => query),
  ...Object.values(linked),
]

const readBuilt = (directory: string): readonly Question[] => {
  const file = join(directory, QUESTIONS_FILE)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Question[]) : []
}
