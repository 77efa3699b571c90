/**
 * A sentence about a thing, on hover and on focus. It repeats or explains; nothing stands only there.
 * @module
 */
import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

/** `children` is the one element that the sentence belongs to; it must take focus to be of use by keyboard. */
export function Tooltip(props: { readonly text: ReactNode; readonly children: ReactElement }): ReactElement {
  return (
    <Base.Root>
      <Base.Trigger render={props.children} delay={400} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="tooltip__place">
          <Base.Popup className="tooltip">{props.text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
