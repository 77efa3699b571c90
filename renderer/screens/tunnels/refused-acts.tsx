/**
 * The ways out of networks that are refused: make the tunnel anew, switch it on, or let its packets take another way.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { makeChange } from '../../state/change.ts';
import type { RefusedWhy } from '../../state/refused-networks.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';

type Act = 'makeAnew' | 'switchOn' | 'letGo';

const acts: Readonly<Record<RefusedWhy, readonly Act[]>> = {
  lost: ['makeAnew'],
  trying: [], // the switch is there, and it is tried again by itself
  always: ['switchOn'],
  left: ['switchOn', 'letGo'],
};

/** Buttons for the profile `name`; none for who may only look. */
export function RefusedActs({ name, why }: { readonly name: string; readonly why: RefusedWhy }): ReactElement | null {
  const { t } = useTranslation();
  const store = useSessionStore();
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const [isBusy, setBusy] = useState(false);
  if (!canChange) return null;
  const carryOut = async (act: Act): Promise<void> => {
    setBusy(true);
    await makeChange(store, name, (bridge) => bridge.call(act === 'letGo' ? 'profile.down' : 'profile.up', { name }));
    setBusy(false);
  };
  return (
    <>
      {acts[why].map((act) => (
        <Button key={act} disabled={isBusy} onClick={() => void carryOut(act)}>
          {t(`refused.${act}`)}
        </Button>
      ))}
    </>
  );
}
