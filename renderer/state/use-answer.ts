/**
 * One question to the helper, asked again whenever it changes, a moment after the last keystroke: the newest answer,
 * and why there is none. An answer that a newer question has overtaken is dropped.
 * @module
 */
import { useEffect, useRef, useState } from 'react';
import type { RelayInput, RelayMethod, RelayResult } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import { useSession, useSessionStore } from './session-context.ts';

/** An answer: `value` stays while a newer question is on its way. */
export type Answer<M extends RelayMethod> = {
  readonly value: RelayResult<M> | null;
  readonly error: IpsecError | null;
  readonly isAsking: boolean;
};

/** Pause after the last change of a question; one without parameters does not change while somebody types. */
const pauseMs = 350;
const unchanging = '{}';

const nothing = { value: null, error: null, isAsking: false } as const;

/** The answer to `method` with `params`; null asks nothing. */
export function useAnswer<M extends RelayMethod>(method: M, params: RelayInput<M> | null): Answer<M> {
  const { bridge } = useSessionStore();
  const isConnected = useSession(({ link }) => link.state === 'connected');
  const [answer, setAnswer] = useState<Answer<M>>(nothing);
  const newest = useRef(0);
  const question = params === null || !isConnected ? null : JSON.stringify(params);
  useEffect(() => {
    const number = (newest.current += 1);
    if (question === null) return;
    const timer = setTimeout(
      () => {
        setAnswer(({ value }) => ({ value, error: null, isAsking: true }));
        bridge.call(method, JSON.parse(question) as RelayInput<M>).then(
          (value) => {
            if (number === newest.current) setAnswer({ value, error: null, isAsking: false });
          },
          (error: unknown) => {
            if (number !== newest.current) return;
            setAnswer({ value: null, error: error instanceof IpsecError ? error : null, isAsking: false });
          },
        );
      },
      question === unchanging ? 0 : pauseMs,
    );
    return () => clearTimeout(timer);
  }, [bridge, method, question]);
  return question === null ? nothing : answer;
}
