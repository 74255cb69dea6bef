/** GraphiQL with what this server tells beside its answers. */
import { DocExplorerStore } from '@graphiql/plugin-doc-explorer'
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history'
import { GraphiQLProvider, useGraphiQL } from '@graphiql/react'
import { GraphiQL, GraphiQLInterface } from 'graphiql'
import { useEffect, useLayoutEffect } from 'react'
import { AnswerBar } from './answer/answer-bar.jsx'
import { fetcher } from './asking/fetcher.js'
import { DOCS_PLUGIN } from './docs/docs-panel.jsx'
import { tabs } from './given.js'
import { COST_PLUGIN } from './panels/cost-panel.jsx'
import { QUESTIONS_PLUGIN, useLinkedQuestion } from './panels/questions-panel.jsx'
import { TokenButton } from './panels/token-button.jsx'
import { front, keepRunsOf } from './runs.js'

const plugins = [DOCS_PLUGIN, HISTORY_PLUGIN, QUESTIONS_PLUGIN, COST_PLUGIN]

export const Workbench = () => (
  <GraphiQLProvider
    fetcher={fetcher}
    defaultTabs={tabs}
    plugins={plugins}
    referencePlugin={DOCS_PLUGIN}
  >
    <HistoryStore>
      <DocExplorerStore>
        <GraphiQLInterface>
          <GraphiQL.Logo>
            <h1 className="brand">Pushgraph</h1>
            <TokenButton />
          </GraphiQL.Logo>
          <GraphiQL.Footer>
            <AnswerBar />
          </GraphiQL.Footer>
          <Followed />
        </GraphiQLInterface>
      </DocExplorerStore>
    </HistoryStore>
  </GraphiQLProvider>
)

/** Shows nothing: what stands outside of React is told what is in front. */
const Followed = () => {
  const tabIds = useGraphiQL(state => state.tabs.map(({ id }) => id).join())
  const tabId = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex].id)
  const wantsPlan = useGraphiQL(({ visiblePlugin }) => visiblePlugin === COST_PLUGIN)
  useLayoutEffect(() => {
    Object.assign(front, { tabId, wantsPlan })
    keepRunsOf(tabIds.split(','))
  }, [tabIds, tabId, wantsPlan])

  const editor = useGraphiQL(({ queryEditor }) => queryEditor)
  useEffect(() => {
    editor?.updateOptions({ wordWrap: 'on', wrappingIndent: 'same' })
  }, [editor])

  useLinkedQuestion()
  return null
}
