/**
 * The window: the rail, one sheet, the title block.
 * @module
 */
import { useEffect, type ReactElement } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { i18n } from 'i18next';
import { Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { SessionContext, useSession } from '../state/session-context.ts';
import type { SessionStore } from '../state/session.ts';
import { lateScreen } from './late-screen.ts';
import { LinkBanner } from './link-banner.tsx';
import { useNavigation } from './navigation.ts';
import { Rail } from './rail.tsx';
import { RefusalToast } from './refusal-toast.tsx';
import { ShellNotes } from './shell-notes.tsx';
import { Sheets } from './sheets.tsx';
import { TitleBlock } from './title-block.tsx';

/** Loaded when it is opened: the list of tunnels does not wait for it. */
const wizard = lateScreen(async () => (await import('../screens/wizard/wizard-screen.tsx')).WizardScreen);

/** The window over `session`. */
export function App(props: { readonly session: SessionStore; readonly translator: i18n }): ReactElement {
  const { session, translator } = props;
  useEffect(() => session.start(), [session]);
  return (
    <I18nextProvider i18n={translator}>
      <SessionContext value={session}>
        <Router hook={useHashLocation}>
          <Frame />
        </Router>
      </SessionContext>
    </I18nextProvider>
  );
}

function Frame(): ReactElement {
  useNavigation();
  const theme = useSession(({ shell }) => shell?.settings.theme ?? 'system');
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <>
      <Switch>
        <Route path="/wizard/*?" component={wizard.Screen} />
        <Route>
          <div className="app">
            <Rail />
            <main className="sheet">
              <LinkBanner />
              <ShellNotes />
              <Sheets />
            </main>
            <TitleBlock />
          </div>
        </Route>
      </Switch>
      <RefusalToast />
    </>
  );
}
