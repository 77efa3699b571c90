/**
 * The one way from the page into this process. Every call is checked for who asks, parsed by the contract (and again by
 * the helper), and answered with an `Answer`; the page gets no event, no channel and no function of Electron's.
 * @module
 */
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { Push } from '#core/api/relay.ts';
import { IpsecError, toWireError } from '#core/base/error.ts';
import { mostCallsInFlight, type RelayAnswer } from '#core/client/relay.ts';
import { isPageAddress } from './app-protocol.ts';
import { askChannel, listenChannel, pushChannel } from './channel.ts';

/** What the handlers stand on. */
export type IpcOptions = {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'on'>;
  /** The content whose main frame may ask; null while there is no window. */
  readonly window: () => WebContents | null;
  readonly answer: (method: string, params: unknown) => Promise<RelayAnswer>;
  /** What a page that has begun to listen must know. */
  readonly greetings: () => readonly Push[];
  readonly onRefusal: (what: string) => void;
};

/** Answer the page's calls. */
export function handle(options: IpcOptions): void {
  let inFlight = 0;
  options.ipcMain.handle(askChannel, async (event, method: unknown, params: unknown): Promise<RelayAnswer> => {
    if (!isFromPage(event, options.window())) return refuse(options, 'a call from elsewhere');
    if (typeof method !== 'string') return refuse(options, 'a call without a method');
    if (inFlight >= mostCallsInFlight) return refuse(options, 'too many calls at once');
    inFlight += 1;
    try {
      return await options.answer(method, params);
    } finally {
      inFlight -= 1;
    }
  });
  options.ipcMain.on(listenChannel, (event) => {
    if (!isFromPage(event, options.window())) return void options.onRefusal('a listener from elsewhere');
    for (const push of options.greetings()) event.sender.send(pushChannel, push);
  });
}

/** Whether an event comes from the main frame of our window, which shows our page. */
export function isFromPage(
  { sender, senderFrame }: Pick<IpcMainInvokeEvent | IpcMainEvent, 'sender' | 'senderFrame'>,
  window: WebContents | null,
): boolean {
  if (window === null || sender !== window) return false;
  return senderFrame !== null && senderFrame.parent === null && isPageAddress(senderFrame.url);
}

function refuse({ onRefusal }: IpcOptions, what: string): RelayAnswer {
  onRefusal(what);
  return { ok: false, error: toWireError(new IpsecError('API_DENIED', `the window may not do this: ${what}`)) };
}
