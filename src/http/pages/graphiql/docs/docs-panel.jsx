/** The documentation of the schema, with a search that finds arguments and values of enumerations, too. */
import {
  DOC_EXPLORER_PLUGIN,
  DocExplorer,
  useDocExplorerActions,
} from '@graphiql/plugin-doc-explorer'
import { DocsFilledIcon, DocsIcon, useGraphiQL } from '@graphiql/react'
import { useDeferredValue, useId, useMemo, useState } from 'react'
import { Panel } from '../panels/panel.jsx'
import { searchSchema } from './search-schema.ts'

const DocsPanel = () => (
  <Panel title="Documentation" className="docs">
    <DocsSearch />
    <DocExplorer />
  </Panel>
)

/** While something is looked for, what was found takes the place of the documentation. */
const DocsSearch = () => {
  const schema = useGraphiQL(state => state.schema)
  const { push } = useDocExplorerActions()
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text)
  const { found, total } = useMemo(
    () => (schema ? searchSchema(schema, wanted) : { found: [], total: 0 }),
    [schema, wanted],
  )
  const listId = useId()
  const open = ({ type, field }) => {
    setText('')
    push({ name: type.name, def: type })
    if (field !== undefined) push({ name: field.name, def: field })
  }
  return (
    <search className="docs-search">
      <input
        type="search"
        value={text}
        onChange={event => setText(event.target.value)}
        placeholder="Types, fields, arguments, values"
        aria-label="Search the documentation"
        aria-controls={listId}
      />
      <div id={listId}>
        {wanted.trim() !== '' && (
          <>
            <p role="status">
              {total > found.length
                ? `${total} found, the first ${found.length}:`
                : `${total} found`}
            </p>
            <ul>
              {found.map(entry => (
                <li key={`${entry.kind} ${entry.label}`}>
                  <button type="button" onClick={() => open(entry)}>
                    <span>{entry.label}</span> <small>{KINDS[entry.kind]}</small>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </search>
  )
}

const KINDS = { type: 'type', field: 'field', argument: 'argument', value: 'enum value' }

const Icon = () => {
  const isShown = useGraphiQL(({ visiblePlugin }) => visiblePlugin === DOCS_PLUGIN)
  return isShown ? <DocsFilledIcon /> : <DocsIcon />
}

/** In the place of GraphiQL's own, whose search ends at the first hundred names in the order of the alphabet. */
export const DOCS_PLUGIN = { title: DOC_EXPLORER_PLUGIN.title, icon: Icon, content: DocsPanel }
