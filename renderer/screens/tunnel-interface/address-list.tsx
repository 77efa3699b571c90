/**
 * Inner addresses: each with its far end, and a row that adds one.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix, prefixParts } from '#core/ip/prefix.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { AddForm } from './add-form.tsx';
import type { InterfaceDraft } from './interface-draft.ts';
import styles from '../tunnel/tunnel.module.css';

type Addresses = InterfaceDraft['addresses'];

/** The list. */
export function AddressList(props: {
  readonly addresses: Addresses;
  readonly onChange: (addresses: Addresses) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { addresses, onChange } = props;
  return (
    <div className={styles['list']}>
      <h3>{t('tunnel.interface.addresses')}</h3>
      {addresses.length === 0 ? <p className="small">{t('tunnel.interface.noAddresses')}</p> : null}
      <ul>
        {addresses.map((one) => {
          const text = `${one.address}/${one.prefixLength}`;
          return (
            <li key={text}>
              <span className="bits">
                {text}
                {one.peer === null ? '' : ` → ${one.peer}`}
              </span>
              <Button
                kind="plain"
                size="small"
                icon="trash"
                aria-label={t('tunnel.interface.remove', { what: text })}
                onClick={() => onChange(addresses.filter((other) => other !== one))}
              />
            </li>
          );
        })}
      </ul>
      <AddAddress onAdd={(address) => onChange([...addresses, address])} />
    </div>
  );
}

function AddAddress({ onAdd }: { readonly onAdd: (address: Addresses[number]) => void }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [peer, setPeer] = useState('');
  const add = (): void => {
    const { address, length } = prefixParts(parsePrefix(text.trim()));
    onAdd({ address, prefixLength: length, peer: peer.trim() === '' ? null : parseIpAddress(peer.trim()) });
    setText('');
    setPeer('');
  };
  return (
    <AddForm label={t('tunnel.interface.addAddress')} canAdd={text.trim() !== ''} onAdd={add}>
      {(error) => (
        <>
          <TextField
            label={t('tunnel.interface.address')}
            placeholder="10.0.0.1/32"
            isBits
            value={text}
            error={error}
            onChange={({ target }) => setText(target.value)}
          />
          <TextField
            label={t('tunnel.interface.peer')}
            placeholder={t('tunnel.interface.noPeer')}
            isBits
            value={peer}
            onChange={({ target }) => setPeer(target.value)}
          />
        </>
      )}
    </AddForm>
  );
}
