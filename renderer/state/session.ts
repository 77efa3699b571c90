/**
 * What the window knows: the link to the helper, its last status with the rates told from it, and the shell's settings.
 * It holds no truth of its own: while it is looked at it hears what changes of the status, and events between that.
 * @module
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Result, Status } from '#core/api/contract.ts';
import type { ApiEvent } from '#core/api/event.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { IpsecError } from '#core/base/error.ts';
import type { HelperLink, Push } from '#core/api/relay.ts';
import { StatusReader } from '#core/api/watch/status-reader.ts';
import type { Shell } from '#core/api/shell-contract.ts';
import type { Bridge } from '../bridge.ts';
import { noRates, type Rates } from './rates.ts';
import { watchSilence } from './live/silence.ts';
import { withStatus } from './live/session-status.ts';

/** Events that the window keeps. */
export const eventsKept = 1000;

/** What the window knows. */
export type Session = {
  readonly link: HelperLink;
  readonly shell: Shell | null;
  /** The last status; kept while the helper is away, so that the window can say how things were. */
  readonly status: Status | null;
  /** What was saved, with what of it is in the machine. */
  readonly profiles: readonly ProfileAnswer[];
  /** Files that are not among the profiles. */
  readonly setAside: Result<'profile.list'>['setAside'];
  /** Who we are to the helper: whether changes are taken from us. */
  readonly canOperate: boolean;
  /** When it was last known to be so, by this page's clock. */
  readonly measuredMs: number;
  /** The helper's clock less the page's. */
  readonly aheadMs: number;
  readonly rates: Rates;
  /** The last change that the helper refused; shown until it is put away. */
  readonly refusal: { readonly name: string; readonly error: IpsecError } | null;
  /** The trouble of a tunnel that the band over the list tells of; null for none, undefined before the first list. */
  readonly toldTrouble: string | null | undefined;
  /** Newest last. */
  readonly events: readonly ApiEvent[];
};

/** The store with its bridge. */
export type SessionStore = StoreApi<Session> & {
  readonly bridge: Bridge;
  /** Hear of what has changed now: after a change, so that the screen does not wait for the next second. */
  refresh(): Promise<void>;
  /** Begin to listen; gives what ends that. */
  start(): () => void;
};

const initial: Session = {
  link: { state: 'connecting', message: '', hint: '', command: null },
  shell: null,
  status: null,
  profiles: [],
  setAside: [],
  canOperate: false,
  measuredMs: 0,
  aheadMs: 0,
  rates: noRates,
  refusal: null,
  toldTrouble: undefined,
  events: [],
};

/** A store over `bridge`. */
export function createSession(bridge: Bridge): SessionStore {
  const store = createStore<Session>(() => initial);
  const reader = new StatusReader({
    begin: () => bridge.call('status.watch', {}),
    onStatus(whole, sinceMs) {
      silence.noteSign();
      store.setState((last) => withStatus(last, whole, sinceMs, Date.now()));
    },
  });
  const silence = watchSilence((link) => store.setState({ link }));
  const attend = (): void => {
    if (silence.toldLink().state !== 'connected') return;
    if (document.hidden) {
      reader.forget();
      bridge.call('status.unwatch', {}).catch(() => {});
    } else {
      silence.noteSign();
      reader.begin().catch(() => {}); // the link says what is wrong
    }
  };
  const hear = (push: Push): void => {
    if (push.kind === 'link') {
      silence.noteLink(push.link);
      reader.forget();
      attend();
    } else if (push.kind === 'status') {
      silence.noteSign();
      reader.hear(push.update);
    } else if (push.kind === 'event') {
      store.setState(({ events }) => ({ events: [...events.slice(1 - eventsKept), push.event] }));
    }
  };
  return Object.assign(store, {
    bridge,
    refresh: async () => void (await bridge.call('status.flush', {})),
    start(): () => void {
      const ends = [bridge.listen(hear), silence.start()];
      bridge.call('shell.describe', {}).then(
        (shell) => store.setState({ shell }),
        () => {},
      );
      document.addEventListener('visibilitychange', attend);
      return () => {
        for (const end of ends) end();
        document.removeEventListener('visibilitychange', attend);
      };
    },
  });
}
