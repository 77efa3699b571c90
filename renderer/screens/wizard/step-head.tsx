/**
 * The head of a step: it takes the focus when the step opens, so that whoever listens hears where they are.
 * @module
 */
import { useEffect, useRef, type ReactElement } from 'react';
import styles from './wizard.module.css';

/** Title and one or two sentences. */
export function StepHead({ title, lead }: { readonly title: string; readonly lead: string }): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className={styles['title']}>
        {title}
      </h1>
      <p className={styles['lead']}>{lead}</p>
    </>
  );
}
