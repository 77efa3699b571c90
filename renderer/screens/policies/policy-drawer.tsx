/**
 * One policy in full: what it applies to, what it does, who made it, and what setkey says of it. What an interface made
 * is locked; what was made by hand can be deleted here.
 * @module
 */
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Drawer, DrawerPart } from '../../components/drawer.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { makeChange } from '../../state/change.ts';
import { findPolicyEntry } from '../../state/dump-entry.ts';
import { none } from '../../state/format.ts';
import type { PolicyRow } from '../../state/policy-row.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';

/** The drawer of `row`. */
export function PolicyDrawer({
  row,
  onClose,
}: {
  readonly row: PolicyRow;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { policy, place, count, interfaceName } = row;
  const { spid, direction } = policy;
  const name = interfaceName ?? t('policies.interfaceUnknown');
  const dumpTitle = t('policies.drawer.dump');
  const text = usePolicyText(spid);
  const request = policy.requests[0];
  return (
    <Drawer
      title={t('policies.drawer.title', { spid })}
      label={t('policies.drawer.label', { spid })}
      subtitle={t('policies.drawer.place', { place, count, direction })}
      foot={<Foot row={row} onGone={onClose} />}
      onClose={onClose}
    >
      <DrawerPart title={t('policies.drawer.what')}>
        <Facts
          facts={[
            [t('policies.drawer.direction'), direction, 'bits'],
            [t('policies.drawer.from'), row.source, 'bits'],
            [t('policies.drawer.to'), row.destination, 'bits'],
            [t('policies.drawer.upper'), row.upper, 'bits'],
          ]}
        />
      </DrawerPart>
      <DrawerPart title={t('policies.drawer.does')} note={row.action}>
        <p className="small">{t(`policies.action.${policy.action}`)}</p>
        {request === undefined ? null : (
          <Facts
            facts={[
              [t('policies.drawer.level'), request.level, 'bits'],
              [t('policies.drawer.reqid'), request.reqid === 0 ? none : String(request.reqid), 'bits'],
            ]}
          />
        )}
      </DrawerPart>
      <DrawerPart title={t('policies.drawer.origin')}>
        <p className="small">
          {policy.origin === 'kernel' ? t('policies.byInterface', { name }) : t('policies.byHandSay')}
        </p>
        {interfaceName === null ? null : (
          <p className="small">
            <Link href={`/tunnel/${encodeURIComponent(interfaceName)}`}>
              {t('policies.drawer.open', { name: interfaceName })}
            </Link>
          </p>
        )}
      </DrawerPart>
      {text === '' ? null : (
        <DrawerPart title={dumpTitle}>
          <TextBlock text={text} language="dump" label={dumpTitle} />
        </DrawerPart>
      )}
    </Drawer>
  );
}

function usePolicyText(spid: number): string {
  const { bridge } = useSessionStore();
  const [text, setText] = useState('');
  useEffect(() => {
    let isHere = true;
    bridge.call('policy.dump', {}).then(
      (dump) => {
        if (isHere) setText(findPolicyEntry(dump.text, spid) ?? '');
      },
      () => {}, // the link says what is wrong
    );
    return () => {
      isHere = false;
    };
  }, [bridge, spid]);
  return text;
}

function Foot({ row, onGone }: { readonly row: PolicyRow; readonly onGone: () => void }): ReactElement | null {
  const { t } = useTranslation();
  const store = useSessionStore();
  const canOperate = useSession((session) => session.canOperate && session.link.state === 'connected');
  const [isAsking, setAsking] = useState(false);
  const { policy, interfaceName } = row;
  const { spid } = policy;
  if (policy.origin === 'kernel') {
    const name = interfaceName ?? t('policies.interfaceUnknown');
    return <p className="small">{t('policies.lockedFoot', { name })}</p>;
  }
  if (!canOperate) return null;
  const remove = async (): Promise<void> => {
    setAsking(false);
    const { direction, source, destination, sourcePort, destinationPort, upperProtocol } = policy;
    const selector = { direction, source, destination, sourcePort, destinationPort, upperProtocol };
    const title = t('policies.drawer.title', { spid });
    if (await makeChange(store, title, (bridge) => bridge.call('policy.delete', selector))) onGone();
  };
  return (
    <>
      <span className="spacer" />
      <Button kind="fault" icon="trash" onClick={() => setAsking(true)}>
        {t('policies.delete')}
      </Button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('policies.deleteTitle', { spid })}
        acts={
          <>
            <Button onClick={() => setAsking(false)}>{t('policies.keepIt')}</Button>
            <Button kind="fault" onClick={() => void remove()}>
              {t('policies.deleteIt')}
            </Button>
          </>
        }
      >
        <p>{t(`policies.deleteSay.${policy.action}`)}</p>
      </Dialog>
    </>
  );
}
