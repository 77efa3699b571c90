/**
 * Options of an interface beyond its flags: what becomes of outer headers, of a peer that moves, of lengths and silence.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SelectField, TextField } from '../../components/field.tsx';
import { Option } from '../../components/option.tsx';
import type { Options } from './interface-draft.ts';
import styles from '../tunnel/tunnel.module.css';

const pmtuWords = { system: -1, cut: 0, discover: 1 } as const;
const dfWords = ['clear', 'set', 'copy'] as const;

/** The fields. */
export function OptionFields(props: {
  readonly options: Options;
  readonly hasLink0: boolean;
  readonly onChange: (options: Options) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { options, hasLink0, onChange } = props;
  const set = (part: Partial<Options>): void => onChange({ ...options, ...part });
  const pmtu = (['system', 'cut', 'discover'] as const).find((word) => pmtuWords[word] === options.pmtu) ?? 'system';
  return (
    <>
      <h3 className={styles['more']}>{t('tunnel.interface.more')}</h3>
      <div className={styles['fields']}>
        <SelectField
          label={t('tunnel.interface.pmtu')}
          value={pmtu}
          options={(['system', 'cut', 'discover'] as const).map((value) => ({
            value,
            label: t(`tunnel.interface.pmtuChoice.${value}`),
          }))}
          onChoose={(word) => set({ pmtu: pmtuWords[word] })}
        />
        <SelectField
          label={t('tunnel.interface.dontFragment')}
          value={options.dontFragment ?? 'system'}
          options={(['system', ...dfWords] as const).map((value) => ({
            value,
            label: t(`tunnel.interface.dontFragmentChoice.${value}`),
          }))}
          onChoose={(word) => set({ dontFragment: word === 'system' ? null : word })}
        />
        <NumberField
          label={t('tunnel.interface.hopLimit')}
          hint={t('tunnel.interface.hopLimitHint')}
          value={options.hopLimit}
          onChange={(hopLimit) => set({ hopLimit })}
        />
        <NumberField
          label={t('tunnel.interface.tfcMultiple')}
          hint={t('tunnel.interface.tfcHint')}
          value={options.tfcMultiple}
          onChange={(value) => set({ tfcMultiple: value ?? 0 })}
        />
        <NumberField
          label={t('tunnel.interface.dummies')}
          hint={t('tunnel.interface.dummiesHint')}
          value={options.dummiesPerSecond}
          onChange={(value) => set({ dummiesPerSecond: value ?? 0 })}
        />
      </div>
      {(['followsPeer', 'keepalives', 'answersRefused'] as const).map((name) => (
        <Option
          key={name}
          name={t(`tunnel.interface.${name}`)}
          isOn={options[name]}
          isDisabled={name !== 'answersRefused' && !hasLink0}
          consequence={t(`tunnel.interface.${name}Say`)}
          onChange={(isOn) => set({ [name]: isOn })}
        />
      ))}
    </>
  );
}

/** Digits only; empty is null. Ranges are the helper's to refuse. */
function NumberField(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}): ReactElement {
  const { label, hint, value, onChange } = props;
  return (
    <TextField
      label={label}
      hint={hint}
      isBits
      inputMode="numeric"
      value={value === null ? '' : String(value)}
      onChange={({ target }) => {
        const digits = target.value.replace(/\D/g, '').slice(0, 6);
        onChange(digits === '' ? null : Number(digits));
      }}
    />
  );
}
