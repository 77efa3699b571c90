/**
 * A switch with its name, the word that a terminal has for it, and what it does, said before it is pressed.
 * @module
 */
import { Switch } from '@base-ui/react/switch';
import { useId, type ReactElement, type ReactNode } from 'react';

/** The option. */
export function Option(props: {
  readonly name: string;
  /** As in `link2` or `net.ipsecif.pmtu`. */
  readonly word?: string | undefined;
  readonly consequence: ReactNode;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly isPending?: boolean;
  readonly onChange: (isOn: boolean) => void;
}): ReactElement {
  const { name, word, consequence, isOn, isDisabled = false, isPending = false, onChange } = props;
  const id = useId();
  return (
    <div className="option">
      <Switch.Root
        className={`switch${isPending ? ' switch--pending' : ''}`}
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-what`}
        checked={isOn}
        disabled={isDisabled}
        onCheckedChange={onChange}
        nativeButton
        render={<button type="button" />}
      />
      <span className="option__name">
        <span id={`${id}-name`}>{name}</span>
        {word === undefined ? null : <code>{word}</code>}
      </span>
      <span className="option__consequence" id={`${id}-what`}>
        {consequence}
      </span>
    </div>
  );
}
