/**
 * Goes where a menu, the tray or a second start of the program sends the window.
 * @module
 */
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import type { Push } from '#core/api/relay.ts';
import { useSessionStore } from '../state/session-context.ts';

/** Follow every request while the window is there. */
export function useNavigation(): void {
  const { bridge } = useSessionStore();
  const [, go] = useLocation();
  useEffect(
    () =>
      bridge.listen((push) => {
        if (push.kind === 'navigate') go(addressOf(push));
      }),
    [bridge, go],
  );
}

function addressOf({ to, target }: Extract<Push, { kind: 'navigate' }>): string {
  if (to === 'about') return '/settings';
  if (to !== 'tunnel') return `/${to}`;
  return target === null ? '/tunnels' : `/tunnel/${encodeURIComponent(target)}`;
}
