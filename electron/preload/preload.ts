/**
 * What the page gets of Electron: two functions, no event, no channel of its choice. Everything else is decided behind
 * them, in main. Bundled as CommonJS: a sandboxed preload must be.
 * @module
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { RelayMethod } from '#core/api/relay.ts';
import { askChannel, listenChannel, pushChannel } from '../main/channel.ts';

contextBridge.exposeInMainWorld('culvert', {
  ask: (method: RelayMethod, params: unknown): Promise<unknown> => ipcRenderer.invoke(askChannel, method, params),
  listen: (listener: (push: unknown) => void): (() => void) => {
    const hear = (_event: IpcRendererEvent, push: unknown): void => listener(push);
    ipcRenderer.on(pushChannel, hear);
    ipcRenderer.send(listenChannel);
    return () => void ipcRenderer.off(pushChannel, hear);
  },
});
