/**
 * The setkey language against texts that are nearly right: it never throws, prints what it read, shows no key, and a
 * file with an error changes nothing.
 * @module
 */
import { fuzz } from './fuzz.ts';
import { SetkeyTarget } from './setkey-target.ts';

fuzz(
  'setkey text, whatever it is, is read, printed and carried out or refused',
  (random) => new SetkeyTarget(random),
  1000,
);
