/**
 * A choice of a few, each with a sentence that says what follows from it.
 * @module
 */
import { useId, type ReactElement, type ReactNode } from 'react';
import styles from './choice-list.module.css';

/** The choice. */
export function ChoiceList<Value extends string>(props: {
  readonly legend: string;
  readonly legendClass?: string | undefined;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly name: ReactNode; readonly say: ReactNode }[];
  readonly onChoose: (value: Value) => void;
}): ReactElement {
  const { legend, legendClass, value, options, onChoose } = props;
  const group = useId();
  return (
    <fieldset className={styles['choices']}>
      <legend className={legendClass ?? styles['legend']}>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles['choice']}>
          <input
            type="radio"
            className={styles['radio']}
            name={group}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          <span className={styles['choiceName']}>{option.name}</span>
          <span className={`small ${styles['choiceWhy'] ?? ''}`}>{option.say}</span>
        </label>
      ))}
    </fieldset>
  );
}
