/**
 * A search field: `/` goes to it from anywhere on the sheet, Escape empties it.
 * @module
 */
import { useEffect, useRef, type ReactElement } from 'react';
import { Icon } from './icon.tsx';

/** The field; `isBits` where what is typed is a language of its own. */
export function SearchBox(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isBits?: boolean;
  /** Arrow down leaves the field for what was found. */
  readonly onLeave?: () => void;
}): ReactElement {
  const { label, placeholder, value, onChange, isBits = false, onLeave } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <label className="search">
      <span className="sr">{label}</span>
      <Icon name="search" />
      <input
        ref={input}
        className={`input${isBits ? ' input--bits' : ''}`}
        placeholder={placeholder}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.preventDefault();
            onChange('');
          } else if (event.key === 'ArrowDown' && onLeave !== undefined) {
            event.preventDefault();
            onLeave();
          }
        }}
      />
      <span className="kbd" aria-hidden="true">
        /
      </span>
    </label>
  );
}

/** Whether a key belongs to a text that is being written. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
