/**
 * The field of the filter language, and the filters that are worth a press: each with how many rows it would show.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchBox } from '../../components/search-box.tsx';
import { parseAssociationFilter } from '../../state/association-filter.ts';
import type { AssociationRow } from '../../state/association-row.ts';
import { formatCount } from '../../state/format.ts';
import styles from './associations.module.css';

/** Written as a person would write them. */
const chips = ['dir:out', 'dir:in', 'drops>0', 'state:dying', 'used:never'] as const;

/** The bar. A chip that is pressed again is taken away. */
export function FilterBar(props: {
  readonly all: readonly AssociationRow[];
  readonly nowMs: number;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onLeave: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { all, nowMs, query, onQuery, onLeave } = props;
  const terms = query
    .trim()
    .split(/\s+/)
    .filter((term) => term !== '');
  const toggle = (chip: string): void => {
    const rest = terms.filter((term) => term !== chip);
    onQuery([...rest, ...(rest.length === terms.length ? [chip] : [])].join(' '));
  };
  const countOf = (chip: string): number => {
    const { matches } = parseAssociationFilter(chip);
    return all.reduce((sum, row) => sum + (matches(row, nowMs) ? 1 : 0), 0);
  };
  return (
    <div className={styles.bar}>
      <SearchBox
        label={t('associations.search')}
        placeholder={t('associations.placeholder')}
        value={query}
        onChange={onQuery}
        onLeave={onLeave}
        isBits
      />
      <div className="chips" role="group" aria-label={t('associations.chips')}>
        <button type="button" className="chip" aria-pressed={terms.length === 0} onClick={() => onQuery('')}>
          {t('associations.all')}
          <i>{formatCount(all.length)}</i>
        </button>
        {chips.map((chip) => (
          <button
            key={chip}
            type="button"
            className="chip"
            aria-pressed={terms.includes(chip)}
            onClick={() => toggle(chip)}
          >
            {chip}
            <i>{formatCount(countOf(chip))}</i>
          </button>
        ))}
      </div>
    </div>
  );
}
