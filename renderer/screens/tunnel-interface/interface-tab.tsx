/**
 * The form of a tunnel's interface: MTU, inner addresses, networks, options, and the flags with what each would do.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { boreOfPath } from '#core/api/reading/tunnel-section.ts';
import { FailClosedChoice } from './fail-closed-choice.tsx';
import { TextField } from '../../components/field.tsx';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { AddressList } from './address-list.tsx';
import { DraftActs } from './draft-acts.tsx';
import { FlagOptions } from './flag-options.tsx';
import { NetworkList } from './network-list.tsx';
import { OptionFields } from './option-fields.tsx';
import { associationsOf, carriageOf, suiteOf } from '../tunnel/tunnel-facts.ts';
import styles from '../tunnel/tunnel.module.css';
import { useDraft, type DraftEditing } from './use-draft.ts';

const usualPathMtu = 1500;

/** The tab. */
export function InterfaceTab({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const editing = useDraft(tunnel);
  const { draft, edit } = editing;
  return (
    <div className={styles['columns']}>
      <section>
        <h2>{t('tunnel.tabs.interface')}</h2>
        {draft === null ? null : (
          <>
            <AddressList addresses={draft.addresses} onChange={(addresses) => edit({ ...draft, addresses })} />
            <NetworkList networks={draft.routes} onChange={(routes) => edit({ ...draft, routes })} />
            {draft.failClosed === null || draft.routes.length === 0 ? null : (
              <FailClosedChoice value={draft.failClosed} onChoose={(failClosed) => edit({ ...draft, failClosed })} />
            )}
            <div className={styles['short']}>
              <MtuField tunnel={tunnel} editing={editing} />
            </div>
            <OptionFields
              options={draft.options}
              hasLink0={draft.flags.link0}
              onChange={(options) => edit({ ...draft, options })}
            />
            <DraftActs tunnel={tunnel} editing={editing} />
          </>
        )}
      </section>
      <section>
        <h2>{t('tunnel.options.title')}</h2>
        <FlagOptions tunnel={tunnel} flags={['link0', 'link1', 'link2', 'unnumbered']} />
      </section>
    </div>
  );
}

function MtuField({
  tunnel,
  editing,
}: {
  readonly tunnel: Tunnel;
  readonly editing: DraftEditing;
}): ReactElement | null {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const [typed, setTyped] = useState<string | null>(null);
  const { draft, edit, isChanged } = editing;
  if (draft === null) return null;
  const text = typed !== null && isChanged ? typed : String(draft.mtu);
  const suite = suiteOf(tunnel, associationsOf(tunnel, status));
  const fits = suite === null ? null : boreOfPath(usualPathMtu, suite, carriageOf(tunnel));
  const isRight = (value: string): boolean => /^\d{4}$/.test(value) && Number(value) >= 1280 && Number(value) <= 8192;
  return (
    <TextField
      label={t('tunnel.interface.mtu')}
      note="mtu"
      isBits
      inputMode="numeric"
      value={text}
      hint={fits === null ? t('tunnel.interface.mtuHintPlain') : t('tunnel.interface.mtuHint', { mtu: fits })}
      error={isRight(text) ? '' : t('tunnel.interface.mtuWrong')}
      onChange={({ target }) => {
        setTyped(target.value);
        edit({ ...draft, mtu: Number(target.value) || 0 });
      }}
    />
  );
}
