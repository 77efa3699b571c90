/**
 * The row under a list that adds to it: what is typed is read when it is added, and what is wrong with it stands at its
 * first field.
 * @module
 */
import { useState, type ReactElement, type ReactNode } from 'react';
import { IpsecError } from '#core/base/error.ts';
import { Button } from '../../components/button.tsx';
import styles from '../tunnel/tunnel.module.css';

/** A form with fields and a button. `onAdd` throws what is wrong; `children` draws the fields with that. */
export function AddForm(props: {
  readonly label: string;
  readonly canAdd: boolean;
  readonly onAdd: () => void;
  readonly children: (error: string) => ReactNode;
}): ReactElement {
  const { label, canAdd, onAdd, children } = props;
  const [error, setError] = useState('');
  const add = (): void => {
    try {
      onAdd();
      setError('');
    } catch (refusal) {
      setError(refusal instanceof IpsecError ? refusal.message : String(refusal));
    }
  };
  return (
    <form
      className={styles['add']}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      {children(error)}
      <Button type="submit" icon="plus" aria-label={label} disabled={!canAdd} />
    </form>
  );
}
