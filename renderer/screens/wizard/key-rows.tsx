/**
 * SPIs and keys, a row for each direction: made by the helper and only told of, or pasted into memory.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { TextField } from '../../components/field.tsx';
import { hasSecondPair } from '../../draft/draft-profile.ts';
import {
  encryptionDigits,
  integrityDigits,
  keyDigits,
  keyFault,
  noKeys,
  repeatedKeys,
  type PastedKeys,
} from '../../draft/pasted-keys.ts';
import { DraftText } from './draft-field.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

const rows = [
  { word: 'out', spi: 'spiOut', direction: 'out', pair: 0 },
  { word: 'in', spi: 'spiIn', direction: 'in', pair: 0 },
  { word: 'out6', spi: 'spiOut6', direction: 'out', pair: 1 },
  { word: 'in6', spi: 'spiIn6', direction: 'in', pair: 1 },
] as const;

type Row = (typeof rows)[number];

/** The rows. */
export function KeyRows(): ReactElement {
  const { t } = useTranslation();
  const { draft, suite, drawSpis } = useWizard();
  const shown = rows.filter(({ pair }) => pair === 0 || hasSecondPair(draft));
  const bits = keyBits(suite);
  return (
    <fieldset className={styles['section']}>
      <legend className={styles['legend']}>
        {t('wizard.keys.spis')}
        <span className={styles['made']}>
          <Button size="small" icon="dice" onClick={drawSpis}>
            {t('wizard.keys.newSpis')}
          </Button>
        </span>
      </legend>
      <div className={styles['keys']}>
        <div className={`note ${styles['keyHead'] ?? ''}`} aria-hidden="true">
          <span>{t('wizard.keys.direction')}</span>
          <span>{t('wizard.keys.spi')}</span>
          <span>{t('wizard.keys.key')}</span>
        </div>
        {shown.map((row) => (
          <KeyRow key={row.word} row={row} bits={bits} />
        ))}
      </div>
      <p className="field__hint">
        {draft.keyOrigin === 'generate' ? t('wizard.keys.generated', { bits }) : t('wizard.keys.pasteHint')}{' '}
        {t('wizard.keys.spiHint')}
      </p>
    </fieldset>
  );
}

function KeyRow({ row, bits }: { readonly row: Row; readonly bits: number }): ReactElement {
  const { t } = useTranslation();
  const { draft } = useWizard();
  const direction = t(`wizard.keys.${row.word}`);
  return (
    <div className={styles['keyRow']}>
      <span className={styles['direction']}>
        <Icon name={row.direction === 'out' ? 'to' : 'from'} />
        {direction}
      </span>
      <DraftText name={row.spi} label={t('wizard.keys.spiOf', { direction })} isBits />
      {draft.keyOrigin === 'generate' ? (
        <span className={`bits ${styles['keyTold'] ?? ''}`}>{t('wizard.keys.keyMade', { bits })}</span>
      ) : (
        <PastedFields row={row} direction={direction} />
      )}
    </div>
  );
}

function PastedFields({ row, direction }: { readonly row: Row; readonly direction: string }): ReactElement {
  const { t } = useTranslation();
  const { draft, pasted, setPasted, suite } = useWizard();
  const repeated = repeatedKeys(pasted.slice(0, hasSecondPair(draft) ? 2 : 1), suite);
  const keys = pasted[row.pair]?.[row.direction] ?? noKeys.out;
  const change = (part: Partial<PastedKeys>): void =>
    setPasted(
      [0, 1].map((pair) => {
        const old = pasted[pair] ?? noKeys;
        return pair === row.pair ? { ...old, [row.direction]: { ...keys, ...part } } : old;
      }),
    );
  return (
    <div className={styles['pasted']}>
      <PastedField
        label={t('wizard.keys.encryptionKey', { direction })}
        value={keys.encryption}
        digits={encryptionDigits(suite)}
        isRepeated={repeated.includes(keyDigits(keys.encryption))}
        onChange={(encryption) => change({ encryption })}
      />
      {suite.integrity === null ? null : (
        <PastedField
          label={t('wizard.keys.integrityKey', { direction })}
          value={keys.integrity}
          digits={integrityDigits(suite)}
          onChange={(integrity) => change({ integrity })}
        />
      )}
    </div>
  );
}

/** Hidden while it is typed, like a password; an empty one is no fault before the step is left. */
function PastedField(props: {
  readonly label: string;
  readonly value: string;
  readonly digits: readonly number[];
  readonly isRepeated?: boolean;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { isWantingKeys } = useWizard();
  const fault = keyFault(props.value, props.digits) ?? (props.isRepeated === true ? 'repeated' : null);
  const isShown = fault !== null && (fault !== 'empty' || isWantingKeys);
  const last = props.digits.at(-1) ?? '';
  const digits = [props.digits.slice(0, -1).join(t('wizard.keys.comma')), last]
    .filter((part) => part !== '')
    .join(t('wizard.keys.or'));
  const values = { digits, count: keyDigits(props.value).length };
  return (
    <TextField
      type="password"
      label={props.label}
      hint={t('wizard.keys.digits', { digits })}
      error={isShown ? t(`wizard.keys.fault.${fault}`, values) : undefined}
      value={props.value}
      onChange={({ target }) => props.onChange(target.value)}
      isBits
    />
  );
}

/** Bits of all keys of one direction. */
function keyBits({ encryption, integrity }: ReturnType<typeof useWizard>['suite']): number {
  const { keyBits: lengths, saltBytes } = encryptionRow(encryption);
  return (lengths.at(-1) ?? 0) + saltBytes * 8 + (integrity === null ? 0 : integrityRow(integrity).keyBits);
}
