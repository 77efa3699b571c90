/**
 * Which sheet the address shows.
 * @module
 */
import { useEffect, type ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { TunnelsScreen } from '../screens/tunnels/tunnels-screen.tsx';
import { useSession } from '../state/session-context.ts';
import { lateScreen } from './late-screen.ts';

/** Sheets that are not the first. */
const associations = lateScreen(
  async () => (await import('../screens/associations/associations-screen.tsx')).AssociationsScreen,
);
const policies = lateScreen(async () => (await import('../screens/policies/policies-screen.tsx')).PoliciesScreen);
const events = lateScreen(async () => (await import('../screens/events/events-screen.tsx')).EventsScreen);
const settings = lateScreen(async () => (await import('../screens/settings/settings-screen.tsx')).SettingsScreen);
const importing = lateScreen(async () => (await import('../screens/import/import-screen.tsx')).ImportScreen);
const tunnel = lateScreen(async () => (await import('../screens/tunnel/tunnel-screen.tsx')).TunnelScreen);

/** The list has long been painted by then, and nobody has read it. */
const soonMs = 500;

/** The sheet of the address; an unknown one leads to the tunnels. */
export function Sheets(): ReactElement {
  const isRead = useSession(({ status }) => status !== null);
  useEffect(() => (isRead ? fetchSoon() : undefined), [isRead]);
  return (
    <Switch>
      <Route path="/tunnels" component={TunnelsScreen} />
      <Route path="/associations" component={associations.Screen} />
      <Route path="/policies" component={policies.Screen} />
      <Route path="/events" component={events.Screen} />
      <Route path="/settings" component={settings.Screen} />
      <Route path="/import" component={importing.Screen} />
      <Route path="/tunnel/:name/:tab?" component={tunnel.Screen} />
      <Route>
        <Redirect to="/tunnels" replace />
      </Route>
    </Switch>
  );
}

/** The screen behind every row of the list is fetched when the list is painted, before somebody wants it. */
function fetchSoon(): () => void {
  const timer = setTimeout(() => void tunnel.fetch().catch(() => {}), soonMs); // who opens it hears why not
  return () => clearTimeout(timer);
}
