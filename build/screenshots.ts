/**
 * `npm run screenshots`: the window's page is built, then looked at in every state (test/e2e/screenshots.ts).
 * @module
 */
await import('./renderer.ts');
await import('../test/e2e/screenshots.ts');
