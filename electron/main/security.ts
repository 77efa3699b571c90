/**
 * What no page may do, whatever gets into it: leave, open windows, embed others, reach the network, ask for devices,
 * download. Set before the first window opens, for every content there will ever be.
 * @module
 */
import type { App, Session, WebContents, WebPreferences } from 'electron';
import { isPageAddress } from './app-protocol.ts';

/** What the window's page runs in. */
export function securePreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    devTools: false,
  };
}

/** Told what a page tried, in one line without anything that it said. */
export type OnRefusal = (what: string) => void;

/** Keep every content of `app` where it is. */
export function confineContents(app: App, onRefusal: OnRefusal): void {
  app.on('web-contents-created', (_event, contents) => confineContent(contents, onRefusal));
}

function confineContent(contents: WebContents, onRefusal: OnRefusal): void {
  const prevent = (what: string) => (event: { preventDefault(): void }) => {
    event.preventDefault();
    onRefusal(what);
  };
  contents.on('will-navigate', prevent('navigation'));
  contents.on('will-frame-navigate', prevent('navigation of a frame'));
  contents.on('will-redirect', prevent('redirection'));
  contents.on('will-attach-webview', prevent('webview'));
  contents.setWindowOpenHandler(() => {
    onRefusal('window');
    return { action: 'deny' };
  });
}

/** Take from `session` everything that our page does not need: all permissions, all devices, all of the network. */
export function confineSession(session: Session, onRefusal: OnRefusal): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    onRefusal(`permission ${permission}`);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const isOurs = isPageAddress(url);
    if (!isOurs) onRefusal('request');
    answer({ cancel: !isOurs });
  });
  session.on('will-download', (event) => {
    event.preventDefault();
    onRefusal('download');
  });
}
