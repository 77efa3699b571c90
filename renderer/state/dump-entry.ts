/**
 * One entry of the text that `setkey -D` or `setkey -DP` prints: the helper prints all of them at once.
 * @module
 */

/** The entry of an association in the text of `setkey -D`; null when it is not there. */
export function findAssociationEntry(
  dump: string,
  association: { readonly source: string; readonly destination: string; readonly spi: number },
): string | null {
  const { source, destination, spi } = association;
  return (
    entriesOf(dump).find((entry) => {
      const [ends = '', facts = ''] = entry.split('\n');
      const [from = '', to = ''] = ends.split(' ').map((end) => end.replace(/\[.*\]$/, ''));
      return from === source && to === destination && facts.includes(` spi=${spi}(`);
    }) ?? null
  );
}

/** The entry of a policy in the text of `setkey -DP`; null when it is not there. */
export function findPolicyEntry(dump: string, spid: number): string | null {
  return entriesOf(dump).find((entry) => entry.includes(`\tspid=${spid} `)) ?? null;
}

/** An entry begins at a line that is not indented. */
function entriesOf(dump: string): string[] {
  return dump.split(/\n(?=\S)/).map((entry) => entry.trimEnd());
}
