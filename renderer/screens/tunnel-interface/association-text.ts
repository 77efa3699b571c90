/**
 * The associations of a tunnel as setkey text, with a placeholder in place of each key: the window never has one.
 * @module
 */
import type { AssociationStatus } from '#core/api/contract.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { findIntegrityAlgorithm, integrityRow } from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { profileToStatements } from '#core/profile/commands.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { defaultOptions } from '#core/setkey/reading/association-parser.ts';
import type { AssociationStatement, KeyedAlgorithm } from '#core/setkey/syntax.ts';

const position = { line: 1, column: 1 };

/** `add` statements of what is in the machine. */
export function associationText(associations: readonly AssociationStatus[]): string {
  return printStatements(associations.map(toStatement), { withKeys: false });
}

/** `add` statements of what a profile would put in place; null while an end of it is a name. */
export function profileText({ profile, secrets }: ProfileAnswer): string | null {
  const outer = literalPair(profile);
  if (outer === null) return null;
  const blank = (bits: number): string => '00'.repeat(bits / 8);
  const lengths = secrets.pairs.map((pair) => ({ out: keysOf(pair.out), in: keysOf(pair.in) }));
  return printStatements(profileToStatements(profile, { kind: 'manual', pairs: lengths }, outer), { withKeys: false });

  function keysOf(bits: { readonly encryptionBits: number; readonly integrityBits: number }): {
    encryption: string;
    integrity: string | null;
  } {
    return {
      encryption: blank(bits.encryptionBits),
      integrity: profile.keys.integrity === null ? null : blank(bits.integrityBits),
    };
  }
}

function toStatement(association: AssociationStatus): AssociationStatement {
  const { source, destination, ports, protocol, spi, encryption, encryptionKeyBits, integrity } = association;
  const { mode, reqid, replayBytes, hasEsn, soft, hard } = association;
  const check = integrity === null ? null : findIntegrityAlgorithm(integrity);
  return {
    kind: 'add',
    ...{ position, marks: {}, lookup: { family: null, isNumeric: false }, protocol, spi },
    source: { address: parseIpAddress(source), port: ports?.source ?? 0 },
    destination: { address: parseIpAddress(destination), port: ports?.destination ?? 0 },
    natOriginal: null,
    options: {
      ...defaultOptions,
      ...{ mode, reqid, replayBytes, hasEsn, softSeconds: soft.addSeconds, hardSeconds: hard.addSeconds },
      ...{ softBytes: soft.bytes, hardBytes: hard.bytes },
    },
    encryption: blankKey(encryption, encryptionKeyBits),
    integrity: check === null ? null : blankKey(check, integrityRow(check).keyBits),
    compression: null,
  };
}

/** Of the right length, so that the placeholder tells it. */
function blankKey(name: string, bits: number): KeyedAlgorithm {
  return { name, key: bits === 0 ? null : new KeyMaterial(new Uint8Array(bits / 8)), position };
}
