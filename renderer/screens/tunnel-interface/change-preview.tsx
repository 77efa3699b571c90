/**
 * What a change would do to policies and associations, row by row, with the equal commands.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelayResult } from '#core/api/relay.ts';
import { TextBlock } from '../../components/text-block.tsx';
import styles from '../tunnel/tunnel.module.css';

type Preview = RelayResult<'interface.preview'>;
type Fate = Preview['policies'][number]['fate'];

const signs: Readonly<Record<Fate, string>> = { appears: '+', changes: '±', goes: '−', stays: '=' };

/** The preview. What stays is left out. `refused` says what else changes: what becomes of networks without the tunnel. */
export function ChangePreview(props: {
  readonly preview: Preview;
  readonly isProfile: boolean;
  readonly refused?: string | null;
}): ReactElement {
  const { t } = useTranslation();
  const { preview, isProfile } = props;
  const policies = outFirst(preview.policies.filter(({ fate }) => fate !== 'stays'));
  const associations = outFirst(preview.associations.filter(({ fate }) => fate !== 'stays'));
  const isNothing = policies.length === 0 && associations.length === 0;
  return (
    <div className={styles['preview']}>
      {isNothing && preview.problem === null ? <p>{t('tunnel.preview.none')}</p> : null}
      {typeof props.refused === 'string' ? <p>{t('tunnel.preview.refused', { what: props.refused })}</p> : null}
      {policies.length === 0 ? null : (
        <Rows
          title={t('tunnel.preview.policies')}
          words="fate"
          rows={policies.map(({ fate, direction, selector, before, after }) => ({
            fate,
            key: `${fate} ${direction} ${selector} ${before ?? ''} ${after ?? ''}`,
            text: `${direction} ${selector}`,
            detail: [before, after].filter((one) => one !== null).join(' → '),
          }))}
        />
      )}
      {associations.length === 0 ? null : (
        <Rows
          title={t('tunnel.preview.associations')}
          words="use"
          rows={associations.map(({ fate, direction, text, spi }) => ({
            fate,
            key: `${fate} ${direction} ${spi} ${text}`,
            text: `${direction} ${text}`,
            detail: '',
          }))}
        />
      )}
      {associations.some(({ fate }) => fate === 'goes') ? (
        <p className="small">
          {t('tunnel.preview.unused')} {isProfile ? t('tunnel.preview.unusedProfile') : ''}
        </p>
      ) : null}
      {preview.commands.length === 0 ? null : (
        <>
          <h3>{t('tunnel.preview.commands')}</h3>
          <TextBlock text={preview.commands.join('\n')} language="plain" label={t('tunnel.preview.commands')} />
        </>
      )}
    </div>
  );
}

function Rows(props: {
  readonly title: string;
  /** Policies come and go; associations are taken into use or left. */
  readonly words: 'fate' | 'use';
  readonly rows: readonly {
    readonly fate: Fate;
    readonly key: string;
    readonly text: string;
    readonly detail: string;
  }[];
}): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <h3>{props.title}</h3>
      <ul className={styles['fates']}>
        {props.rows.map(({ fate, key, text, detail }) => (
          <li key={key} className={styles[fate]}>
            <i aria-hidden="true">{signs[fate]}</i>
            <span>{t(`tunnel.preview.${props.words}.${fate}`)}</span>
            <code>
              {text}
              {detail === '' ? null : <small>{detail}</small>}
            </code>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Out over in, as everywhere. */
function outFirst<Row extends { readonly direction: 'in' | 'out' }>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((one, other) => Number(other.direction === 'out') - Number(one.direction === 'out'));
}
