/* global document, localStorage */
/** The page at /graphiql. Vite bundles it with its editor and workers, so that it needs no other host. */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import { GraphiQL } from 'graphiql'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { fetcher } from './fetcher.js'
import { defaultTabs, restoreHeaders } from './tabs.js'

restoreHeaders(localStorage)

createRoot(document.getElementById('graphiql')).render(
  createElement(
    GraphiQL,
    { fetcher, defaultTabs, defaultEditorToolsVisibility: 'headers' },
    createElement(GraphiQL.Logo, null, 'Pushgraph'),
  ),
)
