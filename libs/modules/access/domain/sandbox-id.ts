const prefix = 'sbx_';

/** The organization that a sandbox is to its ledgers, keys and events. Clients call the sandbox itself `sbx_…`. */
export function organizationOfSandbox(sandboxId: string): string {
  return `org_${sandboxId.slice(prefix.length)}`;
}
