import { createRoot } from 'react-dom/client'
import { App } from './app'
import './styles.css'

const root = document.getElementById('console')
if (root) createRoot(root).render(<App />)
