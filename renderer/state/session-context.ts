/**
 * The session as components take it: a part of what the window knows, or the store with its bridge.
 * @module
 */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Session, SessionStore } from './session.ts';

/** Set once, by the app. */
export const SessionContext = createContext<SessionStore | null>(null);

/** The store, for calls to the helper. */
export function useSessionStore(): SessionStore {
  const store = useContext(SessionContext);
  if (store === null) throw new Error('there is no session above this component');
  return store;
}

/** A part of what the window knows; the component is drawn again when that part changes. */
export function useSession<Part>(select: (session: Session) => Part): Part {
  return useStore(useSessionStore(), select);
}
