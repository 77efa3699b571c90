/**
 * Starts the window: styles, the bridge to the program that shows it, then the app in the page's one element.
 * @module
 */
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/drawing.css';
import './styles/forced-colors.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { connectBridge } from './bridge.ts';
import { createSession } from './state/session.ts';
import { createTranslator } from './text/catalogue.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App session={createSession(connectBridge())} translator={createTranslator()} />
  </StrictMode>,
);
