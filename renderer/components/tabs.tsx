/**
 * Index tabs on the edge of a sheet, by arrows and by pointer. Only the open panel is there.
 * @module
 */
import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactElement, ReactNode } from 'react';

/** One tab: `count` stands beside its name. */
export type Tab<Name extends string> = {
  readonly name: Name;
  readonly label: string;
  readonly count?: number | undefined;
  readonly panel: () => ReactNode;
};

/** The tabs with the panel of the open one. */
export function Tabs<Name extends string>(props: {
  readonly label: string;
  readonly open: Name;
  readonly tabs: readonly Tab<Name>[];
  readonly onOpen: (name: Name) => void;
}): ReactElement {
  const { label, open, tabs, onOpen } = props;
  return (
    <Base.Root value={open} onValueChange={(name: Name) => onOpen(name)} className="tabs__root">
      <Base.List className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.name} value={tab.name}>
            {tab.label}
            {tab.count === undefined ? null : <span className="count">{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.name} value={tab.name} className="tabs__panel">
          {tab.panel()}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
