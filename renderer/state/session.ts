/**
 * What the window knows: the link to the helper, its last status with the rates told from it, and the shell's settings.
 * It holds no truth of its own: a snapshot a second while it is looked at, and events between them.
 * @module
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Result, Status } from '#core/api/contract.ts';
import type { ApiEvent } from '#core/api/event.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { IpsecError } from '#core/base/error.ts';
import type { HelperLink } from '#core/api/relay.ts';
import type { Shell } from '#core/api/shell-contract.ts';
import type { Bridge } from '../bridge.ts';
import { addReading, type Rates } from './rates.ts';

/** How often the helper is asked while the window is looked at. */
const pollMs = 1000;

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
  /** When `status` came, by this page's clock. */
  readonly measuredMs: number;
  readonly rates: Rates;
  /** The last change that the helper refused; shown until it is put away. */
  readonly refusal: { readonly name: string; readonly error: IpsecError } | null;
  /** Newest last. */
  readonly events: readonly ApiEvent[];
};

/** The store with its bridge. */
export type SessionStore = StoreApi<Session> & {
  readonly bridge: Bridge;
  /** Ask the helper now: after a change, so that the screen does not wait for the next second. */
  refresh(): Promise<void>;
  /** Begin to listen and to ask; gives what ends that. */
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
  rates: new Map(),
  refusal: null,
  events: [],
};

/** A store over `bridge`. */
export function createSession(bridge: Bridge): SessionStore {
  const store = createStore<Session>(() => initial);
  const refresh = async (): Promise<void> => {
    const [status, { profiles, setAside }] = await Promise.all([
      bridge.call('status.get', {}),
      bridge.call('profile.list', {}),
    ]);
    store.setState((last) => ({
      status,
      profiles,
      setAside,
      measuredMs: Date.now(),
      rates: addReading(last.rates, last.status, status),
    }));
  };
  const meet = (): void => {
    bridge.call('session.get', {}).then(
      ({ canOperate }) => store.setState({ canOperate }),
      () => {},
    );
  };
  const poll = (): void => {
    if (document.hidden || store.getState().link.state !== 'connected') return;
    refresh().catch(() => {}); // the link says what is wrong
  };
  return Object.assign(store, {
    bridge,
    refresh,
    start(): () => void {
      const stopListening = bridge.listen((push) => {
        if (push.kind === 'link') {
          store.setState({ link: push.link });
          if (push.link.state === 'connected') meet();
          poll();
        } else if (push.kind === 'event') {
          store.setState(({ events }) => ({ events: [...events.slice(1 - eventsKept), push.event] }));
        }
      });
      bridge.call('shell.describe', {}).then(
        (shell) => store.setState({ shell }),
        () => {},
      );
      const timer = setInterval(poll, pollMs);
      document.addEventListener('visibilitychange', poll);
      return () => {
        stopListening();
        clearInterval(timer);
        document.removeEventListener('visibilitychange', poll);
      };
    },
  });
}
