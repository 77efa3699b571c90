/**
 * Which sheet the address shows.
 * @module
 */
import type { ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { AssociationsScreen } from '../screens/associations/associations-screen.tsx';
import { EventsScreen } from '../screens/events/events-screen.tsx';
import { PoliciesScreen } from '../screens/policies/policies-screen.tsx';
import { SettingsScreen } from '../screens/settings/settings-screen.tsx';
import { ImportScreen } from '../screens/import/import-screen.tsx';
import { TunnelScreen } from '../screens/tunnel/tunnel-screen.tsx';
import { TunnelsScreen } from '../screens/tunnels/tunnels-screen.tsx';

/** The sheet of the address; an unknown one leads to the tunnels. */
export function Sheets(): ReactElement {
  return (
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
  );
}
