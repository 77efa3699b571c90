/**
 * A choice of two to five words that stand side by side.
 * @module
 */
import type { ReactElement } from 'react';

/** The choice; arrows move through it as Tab does, since each part is a button that says whether it is pressed. */
export function Segments<Value extends string | number>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChoose: (value: Value) => void;
  readonly isLarge?: boolean;
  readonly isDisabled?: boolean;
}): ReactElement {
  const { label, value, options, onChoose, isLarge = false, isDisabled = false } = props;
  return (
    <span className={`segments${isLarge ? ' segments--large' : ''}`} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          disabled={isDisabled}
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}
