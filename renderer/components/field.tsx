/**
 * A labelled control with its hint; what is wrong takes the hint's place, and assistive technology hears it.
 * @module
 */
import { useId, type ComponentProps, type ReactElement, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** What stands around a control. */
export type FieldProps = {
  readonly label: string;
  /** At the right of the label: a unit, `optional`. */
  readonly note?: string | undefined;
  readonly hint?: ReactNode;
  /** What is wrong and what to do; undefined or empty while nothing is. */
  readonly error?: string | undefined;
};

/** A field around any control: `render` gets the attributes that tie it to label, hint and error. */
export function Field(
  props: FieldProps & {
    readonly render: (tie: {
      id: string;
      'aria-invalid': boolean;
      'aria-describedby': string | undefined;
    }) => ReactNode;
  },
): ReactElement {
  const { label, note, hint, error = '', render } = props;
  const id = useId();
  const isWrong = error !== '';
  const hasHint = isWrong || (hint !== undefined && hint !== null);
  return (
    <div className={`field${isWrong ? ' field--error' : ''}`}>
      <label className="field__label" htmlFor={id}>
        {label}
        {note === undefined ? null : <span className="note">{note}</span>}
      </label>
      {render({ id, 'aria-invalid': isWrong, 'aria-describedby': hasHint ? `${id}-hint` : undefined })}
      {hasHint ? (
        <div className="field__hint" id={`${id}-hint`} role={isWrong ? 'alert' : undefined}>
          {isWrong ? <Icon name="stop" /> : null}
          {isWrong ? error : hint}
        </div>
      ) : null}
    </div>
  );
}

/** A line of text; `isBits` for what could be typed into a terminal. `action` is a button joined to its end. */
export function TextField(
  props: FieldProps & ComponentProps<'input'> & { readonly isBits?: boolean; readonly action?: ReactNode },
): ReactElement {
  const { label, note, hint, error, isBits = false, action, className, ...rest } = props;
  const classes = `input${isBits ? ' input--bits' : ''}${className === undefined ? '' : ` ${className}`}`;
  return (
    <Field
      {...{ label, note, hint, error }}
      render={(tie) => {
        const input = <input autoComplete="off" spellCheck={false} {...rest} {...tie} className={classes} />;
        return action === undefined ? (
          input
        ) : (
          <div className="field__with">
            {input}
            {action}
          </div>
        );
      }}
    />
  );
}

/** A choice of a short list: the system's own control, which works everywhere. */
export function SelectField<Value extends string>(
  props: FieldProps &
    Omit<ComponentProps<'select'>, 'value' | 'onChange'> & {
      readonly value: Value;
      readonly options: readonly { readonly value: Value; readonly label: string }[];
      readonly onChoose: (value: Value) => void;
    },
): ReactElement {
  const { label, note, hint, error, value, options, onChoose, ...rest } = props;
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChoose(option.value);
  };
  return (
    <Field
      {...{ label, note, hint, error }}
      render={(tie) => (
        <select className="select" {...rest} {...tie} value={value} onChange={({ target }) => choose(target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    />
  );
}
