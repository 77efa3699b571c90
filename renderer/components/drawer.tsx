/**
 * A drawer at the right of a sheet with all of one thing: a head, parts, and a foot with acts. The sheet beside it stays
 * in use; Escape closes.
 * @module
 */
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

/** The drawer; it stands beside the sheet's main part in a row. */
export function Drawer(props: {
  readonly title: ReactNode;
  /** Its name for assistive technology. */
  readonly label: string;
  readonly subtitle?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { title, label, subtitle, children, foot, onClose } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside className="drawer" aria-label={label} onKeyDown={onKeyDown}>
      <header className="drawer__head">
        <div className="drawer__title">
          <h2>{title}</h2>
          {subtitle === undefined ? null : <p className="small">{subtitle}</p>}
        </div>
        <Button kind="plain" icon="close" size="small" aria-label={t('action.close')} onClick={onClose} />
      </header>
      {/* Focusable, so that it can be scrolled by keyboard. */}
      <div className="drawer__parts" tabIndex={0} role="group" aria-label={label}>
        {children}
      </div>
      {foot === undefined ? null : <footer className="drawer__foot">{foot}</footer>}
    </aside>
  );
}

/** A part of a drawer; `note` stands at the right of its head. */
export function DrawerPart(props: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  const { title, note, children } = props;
  return (
    <section className="drawer__part">
      <div className="drawer__part-head">
        <h3>{title}</h3>
        {note === undefined ? null : <span className="note">{note}</span>}
      </div>
      {children}
    </section>
  );
}
