/**
 * Everything that Electron's main process gives to the page: answers to its calls, and what it is told unasked.
 * @module
 */
import type { ElectronApplication } from 'playwright-core';

/** What a line begins with that is meant for the test; the app writes none such. */
const mark = 'heard-by-page ';

/** Each from now on, as JSON, in a list that grows. */
export async function hearPage(app: ElectronApplication): Promise<readonly string[]> {
  const heard: string[] = [];
  app.on('console', (message) => {
    if (message.text().startsWith(mark)) heard.push(message.text().slice(mark.length));
  });
  await app.evaluate(({ ipcMain, BrowserWindow }, word) => {
    const tell = (value: unknown): void => console.log(word + JSON.stringify(value));
    type Event = { _reply: (answer: unknown) => void };
    type Handler = (event: Event, ...words: unknown[]) => unknown;
    // Electron keeps handlers in a map of its own, and has each answer through its event; no API shows either.
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    for (const [channel, handler] of handlers) {
      handlers.set(channel, (event, ...words) => {
        const reply = event._reply.bind(event);
        event._reply = (answer) => {
          tell(answer);
          reply(answer);
        };
        return handler(event, ...words);
      });
    }
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      const send = webContents.send.bind(webContents);
      webContents.send = (channel: string, ...words: unknown[]) => {
        tell(words);
        send(channel, ...words);
      };
    }
  }, mark);
  return heard;
}
