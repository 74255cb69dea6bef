/** The menu of questions, as docs/queries.md has them. */
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect } from 'react'
import { linked, questions } from '../given.js'
import { Panel } from './panel.jsx'

const QuestionsPanel = () => {
  const open = useOpenQuestion()
  return (
    <Panel title="Questions">
      <h2>Questions</h2>
      <p>Each opens in a tab, ready to run.</p>
      {sections.map(([section, each]) => (
        <div key={section}>
          <h3>{section}</h3>
          <ul className="questions">
            {each.map(question => (
              <li key={question.name}>
                <button type="button" onClick={() => open(question)}>
                  {question.title}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Panel>
  )
}

/** What is written as a question stands before the examples. */
const sections = Object.entries(Object.groupBy(questions, ({ section }) => section)).sort(
  ([, [a]], [, [b]]) => Number(b.title.endsWith('?')) - Number(a.title.endsWith('?')),
)

/** Opens a question: in the tab that has it already, in the one in front where that is empty, or else in a new one. */
const useOpenQuestion = () => {
  const { addTab, changeTab, updateActiveTabValues } = useGraphiQLActions()
  const { tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL(
    ({ tabs, activeTabIndex, queryEditor, variableEditor }) => ({
      tabs,
      activeTabIndex,
      queryEditor,
      variableEditor,
    }),
  )
  return ({ query, variables }) => {
    const place = tabs.findIndex(tab => tab.query === query)
    if (place >= 0 && variables === undefined) {
      if (place !== activeTabIndex) changeTab(place)
      return
    }
    if (tabs[activeTabIndex].query?.trim()) addTab()
    queryEditor.setValue(query)
    if (variables !== undefined) variableEditor?.setValue(variables)
    updateActiveTabValues({ query, variables: variables ?? null, operationName: null })
  }
}

/**
 * `/graphiql#question=Risky` opens that question, once the editor is there, or a document of another page, with the
 * `variables` of the link as JSON; what is asked for never goes to the server.
 */
export const useLinkedQuestion = () => {
  const open = useOpenQuestion()
  const hasEditor = useGraphiQL(({ queryEditor }) => queryEditor !== undefined)
  useEffect(() => {
    if (!hasEditor) return undefined
    const openLinked = () => {
      const link = new URLSearchParams(location.hash.slice(1))
      const name = link.get('question')
      const question = questions.find(each => each.name === name) ?? documentOf(name, link)
      if (question !== undefined) open(question)
    }
    openLinked()
    addEventListener('hashchange', openLinked)
    return () => removeEventListener('hashchange', openLinked)
    // Each time that the tabs change, `open` is another one; the link is followed but once.
  }, [hasEditor])
}

const documentOf = (name, link) => {
  if (!Object.hasOwn(linked, name)) return undefined
  const variables = link.get('variables')
  try {
    return {
      query: linked[name],
      variables: variables ? JSON.stringify(JSON.parse(variables), null, 2) : undefined,
    }
  } catch {
    // Whatever else stands in a link is nobody's question.
    return undefined
  }
}

const QuestionsIcon = props => (
  <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M7.8 7.8a2.3 2.3 0 1 1 3 2.2c-.6.2-.8.6-.8 1.4M10 14v.3" strokeLinecap="round" />
  </svg>
)

export const QUESTIONS_PLUGIN = {
  title: 'Questions',
  icon: QuestionsIcon,
  content: QuestionsPanel,
}
