/** The page at /: what an analyst looks at first. Vite bundles it, so that it needs no other host. */
import { createRoot } from 'react-dom/client'
import './page.css'
import './frame/head.css'
import './frame/tile.css'
import './frame/token.css'
import './charts/charts.css'
import './charts/figures.css'
import './charts/tables.css'
import { Shell } from './frame/shell.jsx'

createRoot(document.getElementById('overview')).render(<Shell />)
