/**
 * A button that opens a list of acts.
 * @module
 */
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** One act of a menu. */
export type MenuItem = { readonly label: string; readonly icon?: IconName; readonly onChoose: () => void };

/** The menu; its button has `label`, and shows the icon alone where `isIconOnly`. */
export function Menu(props: {
  readonly label: string;
  readonly icon?: IconName;
  readonly isIconOnly?: boolean;
  readonly items: readonly MenuItem[];
}): ReactElement {
  const { label, icon, isIconOnly = false, items } = props;
  return (
    <Base.Root>
      <Base.Trigger
        className={`button${isIconOnly ? ' button--icon' : ''}`}
        aria-label={isIconOnly ? label : undefined}
      >
        {icon === undefined ? null : <Icon name={icon} />}
        {isIconOnly ? null : label}
        {isIconOnly ? null : <Icon name="down" />}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="menu__place">
          <Base.Popup className="menu">
            {items.map((item) => (
              <Base.Item key={item.label} className="menu__item" onClick={item.onChoose}>
                {item.icon === undefined ? null : <Icon name={item.icon} />}
                {item.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
