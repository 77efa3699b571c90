/**
 * IV high words on disk (RFC 8221 §3, RFC 4106 §3.1): what `core/sad/iv-reservation.ts` asks for. The first reservation
 * of a key is a random 32-bit number, each later one is one more, and none is given out before it is on the disk:
 * written to a new file, fsync, rename, fsync of the directory.
 *
 * The file holds no key: a key is named by HMAC-SHA-256 under a random salt of this installation. If the file is lost
 * or broken, a key that comes back starts at a fresh random number, so that it meets one of its n earlier reservations
 * with a probability of about n / 2³²; that is logged, and the broken file is kept beside.
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { IpsecError } from '#core/base/error.ts';
import type { Log } from '#core/base/port.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import type { IvStore } from '#core/sad/iv-reservation.ts';
import { acquireLock, isLockHeld, type ExclusiveLock } from './exclusive-lock.ts';
import { emitRecord, parseRecord, type IvRecord } from './iv-record.ts';
import { prepareStateDirectory, readStateFile, setAside, stateError, writeStateFile } from './state-file.ts';

const fileName = 'iv-reservations.json';

/** Reservations kept; the key that was used longest ago is forgotten first, with the consequence named above. */
const maxKeys = 100_000;
const rangesPerKey = 2 ** 32;

/** The `IvStore` of culvertd. */
export class FileIvStore implements IvStore {
  readonly #directory: string;
  readonly #lock: ExclusiveLock;
  #record: IvRecord;

  private constructor(directory: string, lock: ExclusiveLock, record: IvRecord) {
    this.#directory = directory;
    this.#lock = lock;
    this.#record = record;
  }

  /**
   * Open the store in `directory`, which is made with mode 0700 if it is not there, and lock it.
   * @throws {IpsecError} `STATE_UNWRITABLE` when it cannot be read or written, `STATE_BUSY` when another process has it.
   */
  static open(directory: string, log: Log): FileIvStore {
    prepareStateDirectory(directory);
    const lock = lockDirectory(directory);
    try {
      return new FileIvStore(directory, lock, loadRecord(directory, log));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Reserve the next high word for each key; they are on the disk when this returns. */
  reserve(keys: readonly KeyMaterial[]): readonly number[] {
    if (!this.#lock.isHeld()) {
      throw new IpsecError('STATE_UNWRITABLE', `${this.#directory}: another process took over the lock`);
    }
    const next: IvRecord = { salt: this.#record.salt, keys: new Map(this.#record.keys) };
    const highs = keys.map((key) => reserveOne(next, key));
    forgetOldest(next.keys);
    writeStateFile(this.#directory, fileName, emitRecord(next));
    this.#record = next;
    return highs;
  }

  /** Give up the lock. The store may not be used after that. */
  close(): void {
    this.#lock.release();
  }
}

function reserveOne(record: IvRecord, key: KeyMaterial): number {
  const fingerprint = createHmac('sha256', record.salt).update(key.reveal()).digest('hex').slice(0, 32);
  const known = record.keys.get(fingerprint) ?? { first: randomBytes(4).readUInt32BE(), reserved: 0 };
  if (known.reserved >= rangesPerKey) {
    throw new IpsecError('STATE_UNWRITABLE', 'every IV of this key is reserved: the key must be replaced');
  }
  // Behind all others: the map's order is the order of last use.
  record.keys.delete(fingerprint);
  record.keys.set(fingerprint, { first: known.first, reserved: known.reserved + 1 });
  return (known.first + known.reserved) % rangesPerKey;
}

function forgetOldest(keys: Map<string, unknown>): void {
  for (const fingerprint of keys.keys()) {
    if (keys.size <= maxKeys) return;
    keys.delete(fingerprint);
  }
}

function lockDirectory(directory: string): ExclusiveLock {
  const path = join(directory, 'lock');
  let result;
  try {
    result = acquireLock(path);
  } catch (error) {
    throw stateError(path, error);
  }
  if (isLockHeld(result)) return result;
  const { pid } = result;
  const who = `in use by another culvertd (pid ${pid})`;
  const unknown = 'does not say which culvertd holds it; where none runs, remove it';
  throw new IpsecError('STATE_BUSY', pid === 0 ? `${path}: ${unknown}` : `${directory}: ${who}`, { pid });
}

function loadRecord(directory: string, log: Log): IvRecord {
  const fresh = (): IvRecord => ({ salt: randomBytes(32), keys: new Map() });
  const text = readStateFile(directory, fileName);
  if (text === null) return fresh();
  const record = parseRecord(text);
  if (record !== null) return record;
  const kept = setAside(directory, fileName);
  log.error('the record of reserved IVs is broken; starting from new random values', { file: fileName, kept });
  return fresh();
}
