/**
 * One answer of the helper that is kept fresh: asked again at intervals while the window is seen, and at once after a
 * change. A question that changes forgets the old answer; a refusal keeps the last one.
 * @module
 */
import { useCallback, useEffect, useState } from 'react';
import type { RelayInput, RelayMethod, RelayResult } from '#core/api/relay.ts';
import { useSession, useSessionStore } from './session-context.ts';

/** The newest answer, null until there is one; `ask` asks at once. */
export type Watched<M extends RelayMethod> = { readonly value: RelayResult<M> | null; readonly ask: () => void };

/** Ask `method` now and every `everyMs`; once where that is null; never while `params` is null. */
export function useWatched<M extends RelayMethod>(
  method: M,
  params: RelayInput<M> | null,
  everyMs: number | null,
): Watched<M> {
  const { bridge } = useSessionStore();
  const isLive = useSession(({ link }) => link.state === 'connected');
  const [kept, keep] = useState<{ readonly question: string; readonly value: RelayResult<M> } | null>(null);
  const [turn, setTurn] = useState(0);
  const question = params === null ? null : JSON.stringify(params);
  useEffect(() => {
    if (question === null || !isLive) return;
    let isWanted = true;
    const ask = (): void => {
      if (document.hidden) return;
      bridge.call(method, JSON.parse(question) as RelayInput<M>).then(
        (value) => {
          if (isWanted) keep({ question, value });
        },
        () => {}, // the link says what is wrong, or the thing is not there any more
      );
    };
    ask();
    const timer = everyMs === null ? undefined : setInterval(ask, everyMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [bridge, method, question, everyMs, isLive, turn]);
  const ask = useCallback(() => setTurn((last) => last + 1), []);
  return { value: kept !== null && kept.question === question ? kept.value : null, ask };
}
