/** Stream names: what moves money in a ledger, and what is administered in an organization. */
export const journalPrefix = 'journal-';
export const organizationPrefix = 'org-';
/** Says whose store this is (libs/platform/installation); nobody else reads it. */
export const installationStream = 'installation';

export const journalStream = (ledgerId: string): string => `${journalPrefix}${ledgerId}`;
export const organizationStream = (organizationId: string): string =>
  `${organizationPrefix}${organizationId}`;

/** The ledger (or organization) that a stream belongs to. */
export function streamOwner(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
