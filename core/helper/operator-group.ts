/**
 * The group whose members may change things (`--operator-group`), by /etc/group (group(5)) and the primary group that the
 * kernel tells of a peer.
 *
 * Not here: members that only a directory service knows. /proc would tell them, but of a process id that may have been
 * given out again.
 * @module
 */
import { readFileSync } from 'node:fs';
import { IpsecError } from '#core/base/error.ts';

/** The files of accounts, read anew at each question: whoever is added need not wait for a restart. */
export type AccountFiles = { readonly passwd: () => string; readonly group: () => string };

const systemFiles: AccountFiles = {
  passwd: () => readFileSync('/etc/passwd', 'utf8'),
  group: () => readFileSync('/etc/group', 'utf8'),
};

/** A peer, as far as its groups go. */
export type GroupMember = { readonly uid: number; readonly gid: number };

/**
 * A question about the members of `name`.
 * @throws {IpsecError} `API_BAD_PARAMS` when there is no such group.
 */
export function operatorGroup(name: string, files: AccountFiles = systemFiles): (peer: GroupMember) => boolean {
  if (findGroup(name, files) === null)
    throw new IpsecError('API_BAD_PARAMS', `--operator-group ${name}: no such group`, { field: 'operator-group' });
  return ({ uid, gid }) => {
    const group = findGroup(name, files);
    if (group === null) return false;
    return group.gid === gid || namesOf(uid, files).some((user) => group.members.includes(user));
  };
}

function findGroup(
  wanted: string,
  files: AccountFiles,
): { readonly gid: number; readonly members: readonly string[] } | null {
  for (const line of files.group().split('\n')) {
    const [name, , gid, members] = line.split(':');
    if (name !== wanted || gid === undefined || !/^[0-9]+$/.test(gid)) continue;
    return { gid: Number(gid), members: (members ?? '').split(',').filter((member) => member !== '') };
  }
  return null;
}

/** All names of a uid: several may share one. */
function namesOf(uid: number, files: AccountFiles): readonly string[] {
  return files
    .passwd()
    .split('\n')
    .map((line) => line.split(':'))
    .flatMap(([name, , id]) => (name !== undefined && name !== '' && id === String(uid) ? [name] : []));
}
