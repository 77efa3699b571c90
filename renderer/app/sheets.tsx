/**
 * Which sheet the address shows.
 * @module
 */
import { lazy, Suspense, type ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { ImportScreen } from '../screens/import/import-screen.tsx';
import { TunnelScreen } from '../screens/tunnel/tunnel-screen.tsx';
import { TunnelsScreen } from '../screens/tunnels/tunnels-screen.tsx';

/** Sheets that are not the first come when they are looked at. */
const AssociationsScreen = lazy(() =>
  import('../screens/associations/associations-screen.tsx').then((module) => ({ default: module.AssociationsScreen })),
);
const PoliciesScreen = lazy(() =>
  import('../screens/policies/policies-screen.tsx').then((module) => ({ default: module.PoliciesScreen })),
);
const EventsScreen = lazy(() =>
  import('../screens/events/events-screen.tsx').then((module) => ({ default: module.EventsScreen })),
);
const SettingsScreen = lazy(() =>
  import('../screens/settings/settings-screen.tsx').then((module) => ({ default: module.SettingsScreen })),
);

/** The sheet of the address; an unknown one leads to the tunnels. */
export function Sheets(): ReactElement {
  return (
    <Suspense>
      <Switch>
        <Route path="/tunnels" component={TunnelsScreen} />
        <Route path="/associations" component={AssociationsScreen} />
        <Route path="/policies" component={PoliciesScreen} />
        <Route path="/events" component={EventsScreen} />
        <Route path="/settings" component={SettingsScreen} />
        <Route path="/import" component={ImportScreen} />
        <Route path="/tunnel/:name/:tab?" component={TunnelScreen} />
        <Route>
          <Redirect to="/tunnels" replace />
        </Route>
      </Switch>
    </Suspense>
  );
}
