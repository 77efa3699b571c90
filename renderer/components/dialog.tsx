/**
 * A dialog over the sheet: it takes the focus, keeps it, and gives it back; Escape is the answer that changes nothing.
 * @module
 */
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactElement, ReactNode } from 'react';

/** The dialog; `acts` are its buttons, the one that changes nothing first. */
export function Dialog(props: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly acts: ReactNode;
  readonly isWide?: boolean;
}): ReactElement {
  const { isOpen, onClose, title, children, acts, isWide = false } = props;
  return (
    <Base.Root open={isOpen} onOpenChange={(willOpen) => (willOpen ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="shade dialog__shade" />
        <Base.Popup className={`dialog dialog--floating${isWide ? ' dialog--wide' : ''}`}>
          <Base.Title render={<h2 />}>{title}</Base.Title>
          {children}
          <div className="dialog__acts">{acts}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
