/**
 * Which sheet the address shows.
 * @module
 */
import type { ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { TunnelsScreen } from '../screens/tunnels/tunnels-screen.tsx';

/** The sheet of the address; an unknown one leads to the tunnels. */
export function Sheets(): ReactElement {
  return (
    <Switch>
      <Route path="/tunnels" component={TunnelsScreen} />
      <Route>
        <Redirect to="/tunnels" replace />
      </Route>
    </Switch>
  );
}
