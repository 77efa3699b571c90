/**
 * A button: a verb with its object, an icon before it where one says more. One primary button a sheet.
 * @module
 */
import type { ComponentProps, ReactElement } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** What a button looks like; `fault` only where pressing it breaks something. */
export type ButtonProps = ComponentProps<'button'> & {
  readonly kind?: 'regular' | 'primary' | 'fault' | 'plain';
  readonly size?: 'regular' | 'small';
  readonly icon?: IconName;
};

/** The button; without children it shows the icon alone and needs an `aria-label`. */
export function Button(props: ButtonProps): ReactElement {
  const { kind = 'regular', size = 'regular', icon, className, children, ...rest } = props;
  const classes = [
    'button',
    kind === 'regular' ? '' : `button--${kind}`,
    size === 'small' ? 'button--small' : '',
    children === undefined ? 'button--icon' : '',
    className ?? '',
  ];
  return (
    <button type="button" {...rest} className={classes.filter((name) => name !== '').join(' ')}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}
