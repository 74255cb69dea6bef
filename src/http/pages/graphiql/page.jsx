/** The page at /graphiql. Vite bundles it with its editor and workers, so that it needs no other host. */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './answer/answer.css'
import './panels/token.css'
import './panels/panels.css'
import './page.css'
import { createRoot } from 'react-dom/client'
import { Workbench } from './workbench.jsx'

createRoot(document.getElementById('graphiql')).render(<Workbench />)
