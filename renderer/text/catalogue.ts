/**
 * Every string of the window, in English. A screen has its own file; a language is another catalogue of this shape.
 * @module
 */
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { associationsText } from './associations.ts';
import { eventsText } from './events.ts';
import { policiesText } from './policies.ts';
import { failClosedText, refusedText } from './refused.ts';
import { replayText } from './replay.ts';
import { settingsText } from './settings.ts';
import { shellText } from './shell.ts';
import { tunnelText } from './tunnel.ts';
import { tunnelsText } from './tunnels.ts';
import { importText, wizardText } from './wizard.ts';

/** English, complete. */
const english = {
  ...shellText,
  associations: associationsText,
  events: eventsText,
  policies: policiesText,
  failClosed: failClosedText,
  refused: refusedText,
  replay: replayText,
  settings: settingsText,
  tunnel: tunnelText,
  tunnels: tunnelsText,
  wizard: wizardText,
  import: importText,
};

/** The translator of the window. React escapes what it shows, so nothing is escaped here. */
export function createTranslator(): i18n {
  const translator = createInstance();
  void translator.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return translator;
}
