/**
 * Networks at the other end, which are routed into the tunnel, and a row that adds one.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { networkPrefix, parsePrefix } from '#core/ip/prefix.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { AddForm } from './add-form.tsx';
import styles from '../tunnel/tunnel.module.css';

/** The list. */
export function NetworkList(props: {
  readonly networks: readonly string[];
  readonly onChange: (networks: readonly string[]) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { networks, onChange } = props;
  const [text, setText] = useState('');
  const add = (): void => {
    const network = networkPrefix(parsePrefix(text.trim()));
    if (!networks.includes(network)) onChange([...networks, network]);
    setText('');
  };
  return (
    <div className={styles['list']}>
      <h3>{t('tunnel.interface.routes')}</h3>
      <p className="small">{t(networks.length === 0 ? 'tunnel.interface.noRoutes' : 'tunnel.interface.routesSay')}</p>
      <ul>
        {networks.map((network) => (
          <li key={network}>
            <span className="bits">{network}</span>
            <Button
              kind="plain"
              size="small"
              icon="trash"
              aria-label={t('tunnel.interface.remove', { what: network })}
              onClick={() => onChange(networks.filter((other) => other !== network))}
            />
          </li>
        ))}
      </ul>
      <AddForm label={t('tunnel.interface.addRoute')} canAdd={text.trim() !== ''} onAdd={add}>
        {(error) => (
          <TextField
            label={t('tunnel.interface.route')}
            placeholder="10.20.0.0/16"
            isBits
            value={text}
            error={error}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </AddForm>
    </div>
  );
}
