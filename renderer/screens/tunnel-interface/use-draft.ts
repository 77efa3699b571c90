/**
 * The draft of a tunnel's interface while it is edited: what is, what the person has made of it, and the acts that carry
 * it out. Form and text are two views of it.
 * @module
 */
import { useMemo, useState } from 'react';
import { IpsecError } from '#core/base/error.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useWatched } from '../../state/use-watched.ts';
import { draftRequest, saveProfile, type ChangeRequest } from './change-request.ts';
import {
  draftOfInterface,
  draftOfProfile,
  isSameDraft,
  profileWith,
  rebaseDraft,
  type InterfaceDraft,
} from './interface-draft.ts';
import { farNetworks } from '../tunnel/tunnel-facts.ts';

/** Routes are asked for so often. */
const routesMs = 5000;

/** A draft being edited. */
export type DraftEditing = {
  /** What is: in the profile where there is one, else in the machine. */
  readonly before: InterfaceDraft | null;
  /** What the person made of it. */
  readonly draft: InterfaceDraft | null;
  readonly isChanged: boolean;
  /** What would make it so now; null while nothing is changed, or nothing is in the machine. */
  readonly request: ChangeRequest | null;
  readonly canChange: boolean;
  readonly isBusy: boolean;
  readonly error: IpsecError | null;
  readonly edit: (draft: InterfaceDraft) => void;
  readonly undo: () => void;
  /** Save in the profile, and with `isNow` make it so in the machine; by hand there is only the machine. */
  readonly apply: (isNow: boolean) => Promise<void>;
};

/** Edit the interface of `tunnel`. */
export function useDraft(tunnel: Tunnel): DraftEditing {
  const store = useSessionStore();
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const { value, ask } = useWatched('route.list', {}, routesMs);
  const [edited, setEdited] = useState<{ readonly draft: InterfaceDraft; readonly base: InterfaceDraft } | null>(null);
  const [error, setError] = useState<IpsecError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const live = useMemo(
    () =>
      tunnel.interface === null ? null : draftOfInterface(tunnel.interface, farNetworks(tunnel, value?.routes ?? null)),
    [tunnel, value],
  );
  const before = useMemo(
    () => (tunnel.profile === null ? live : draftOfProfile(tunnel.profile)),
    [tunnel.profile, live],
  );
  const draft = edited === null || before === null ? before : rebaseDraft(edited.draft, edited.base, before);
  const isChanged = before !== null && draft !== null && !isSameDraft(before, draft);
  const request = isChanged && live !== null ? draftRequest(tunnel, { before, draft, live }) : null;
  const apply = async (isNow: boolean): Promise<void> => {
    if (before === null || draft === null) return;
    setBusy(true);
    try {
      if (isNow && request !== null) await store.bridge.call('interface.change', request);
      else if (tunnel.profile !== null)
        await saveProfile(store, tunnel.profile, profileWith(tunnel.profile, before, draft));
      setEdited(null);
      setError(null);
    } catch (refusal) {
      if (!(refusal instanceof IpsecError)) throw refusal;
      setError(refusal);
    } finally {
      ask();
      await store.refresh().catch(() => {}); // the link says what is wrong
      setBusy(false);
    }
  };
  return {
    ...{ before, draft, isChanged, request, canChange, isBusy, error, apply },
    edit: (next) => {
      if (before !== null) setEdited({ draft: next, base: before });
    },
    undo: () => {
      setEdited(null);
      setError(null);
    },
  };
}
