/**
 * The way back from a change as text, for a culvertd that starts after another was killed while the change waited to be confirmed:
 * the whole configuration of before, for nothing of it is in the memory of the new one. The text holds keys.
 * @module
 */
import { z } from 'zod';
import { fromHex, toHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import type { SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import type { DesiredAssociation, DesiredInterface, DesiredPolicy } from './desired-state.ts';

/** What is kept. */
export type KeptWayBack = {
  readonly interfaces: readonly DesiredInterface[];
  readonly associations: readonly DesiredAssociation[];
  readonly policies: readonly DesiredPolicy[];
  readonly settings: SystemSettings;
  /** Interfaces that only the change has made. */
  readonly added: readonly string[];
};

const textVersion = 1;

/** The envelope; what is in it was written by this program, and is checked by the databases that it goes into. */
const documentSchema = z.strictObject({
  version: z.literal(textVersion),
  interfaces: z.array(z.looseObject({ name: z.string() })),
  associations: z.array(
    z.looseObject({
      spec: z.looseObject({ encryptionKey: z.string(), integrityKey: z.string().nullable() }),
      resumeAt: z.number(),
    }),
  ),
  policies: z.array(z.looseObject({ spec: z.looseObject({}) })),
  settings: z.looseObject({}),
  added: z.array(z.string()),
});

/** Text of a way back. */
export function emitWayBack({ associations, interfaces, policies, settings, added }: KeptWayBack): string {
  const shown = associations.map(({ spec, ...others }) => ({ ...others, spec: withHexKeys(spec) }));
  return `${JSON.stringify({ version: textVersion, interfaces, policies, settings, added, associations: shown })}\n`;
}

/** Read a text. @throws {IpsecError} `STATE_UNWRITABLE` where it is not ours; no value of it is repeated. */
export function parseWayBack(text: string): KeptWayBack {
  const document = documentSchema.safeParse(parseJson(text));
  if (!document.success) throw unreadable();
  const { interfaces, associations, policies, settings, added } = document.data;
  return {
    interfaces: interfaces as unknown as DesiredInterface[],
    associations: associations.map(({ spec, ...rest }) => ({ ...rest, spec: withKeys(spec) }) as DesiredAssociation),
    policies: policies as unknown as DesiredPolicy[],
    settings: settings as unknown as SystemSettings,
    added,
  };
}

function withHexKeys(spec: AssociationSpec): unknown {
  const { encryptionKey, integrityKey } = spec;
  const hexOf = (key: KeyMaterial): string => toHex(key.reveal());
  return {
    ...spec,
    encryptionKey: hexOf(encryptionKey),
    integrityKey: integrityKey === null ? null : hexOf(integrityKey),
  };
}

function withKeys(spec: { readonly encryptionKey: string; readonly integrityKey: string | null }): unknown {
  const keyOf = (hex: string): KeyMaterial => {
    const bytes = fromHex(hex);
    if (bytes === null) throw unreadable();
    return new KeyMaterial(bytes);
  };
  const { encryptionKey, integrityKey } = spec;
  return {
    ...spec,
    encryptionKey: keyOf(encryptionKey),
    integrityKey: integrityKey === null ? null : keyOf(integrityKey),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds keys.
    throw unreadable();
  }
}

function unreadable(): IpsecError {
  return new IpsecError('STATE_UNWRITABLE', 'the configuration of before an unconfirmed change cannot be read');
}
