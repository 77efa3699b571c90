/**
 * The line that begins a file of ours, `# NAME: what the file is`: who reads one back knows by it whose it is. A comment that
 * somebody else wrote in that form names nothing.
 * @module
 */

/** What our files say that they are, behind the name of the profile. */
const own =
  /^(lines for \/etc\/rc\.conf$|\/etc\/(ipsec\.conf|ifconfig\.ipsec[0-9]+|swanctl\/conf\.d\/\S+)$|(addresses and routes of )?the XFRM interface$|an ipsecif\(4\) tunnel in setkey|sh \S+ up makes the tunnel, )/;

/** The first line, without its `# `. */
export function headerLine(name: string, about: string): string {
  return `${name}: ${about}`;
}

/** The profile that a first line of ours names; null for a line of somebody else. */
export function nameInHeader(line: string): string | null {
  const match = /^# ([\p{L}\p{N}][\p{L}\p{N}\p{M} ._+@-]{0,63}): (\S.*?)\r?$/u.exec(line);
  return match?.[1] !== undefined && own.test(match[2] ?? '') ? match[1] : null;
}
