/**
 * `json`: the profile with its secrets as `culvert profile create` takes it: `{ "profile": …, "secrets": … }`. A
 * placeholder is no hexadecimal number, so a file without keys is refused instead of getting other keys than its peer.
 * @module
 */
import { keyMaterial, type AssociationKeys, type ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { keysOrZeros, stemOf, type Exporter } from './export-source.ts';

/** One file: `NAME.json`. */
export const exportJson: Exporter = (source) => {
  const { profile } = source;
  const holdsKeys = source.secrets !== null;
  const secrets = holdsKeys ? source.secrets : withoutKeys(keysOrZeros(source));
  return [{ name: `${stemOf(profile)}.json`, text: `${JSON.stringify({ profile, secrets }, null, 2)}\n`, holdsKeys }];
};

function withoutKeys(secrets: ProfileSecrets): ProfileSecrets {
  return {
    ...secrets,
    pairs: secrets.pairs.map((pair) => ({ out: placeholders(pair.out), in: placeholders(pair.in) })),
  };
}

/** In the words that setkey's printer has, too. */
function placeholders({ encryption, integrity }: AssociationKeys): AssociationKeys {
  return {
    encryption: encryption === '' ? '' : String(keyMaterial(encryption)),
    integrity: integrity === null ? null : String(keyMaterial(integrity)),
  };
}
