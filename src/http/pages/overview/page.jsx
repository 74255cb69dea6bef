/** The page at /: what an analyst looks at first. Vite bundles it, so that it needs no other host. */
import { createRoot } from 'react-dom/client'
import { Shell } from './frame/shell.jsx'

createRoot(document.getElementById('overview')).render(<Shell />)
