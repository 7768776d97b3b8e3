import { hash } from 'node:crypto';
import { IssueApiKey, issueApiKey } from '../api-keys/issue-api-key';
import type { OrganizationQueries } from '../read-model/queries';
import { organizationStream } from '@fintech-ledger/envelope';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';

/**
 * Makes the first organization, when there is none, and a key for it with every scope; returns the key. Its id follows from the pepper and
 * the commands are idempotent, so that two processes that start at once on an empty database make one organization and one key.
 */
export async function createFirstApiKey(
  gateway: CommandGateway,
  organizations: OrganizationQueries,
  pepper: string,
): Promise<string> {
  const organizationId = `org_${hash('sha256', `first-organization\n${pepper}`, 'hex').slice(0, 26).toUpperCase()}`;
  const asked = { actor: 'system', correlationId: 'first-start', organizationId };
  const created = await gateway.submit({
    ...asked,
    stream: organizationStream(organizationId),
    command: { type: 'CreateOrganization', name: 'Default organization' },
  });
  if (created.kind === 'refused' && created.refusal.code !== 'organization_exists') throw refused(created);
  // The same number gives the same key again, so a key that was revoked is followed by the next one: nobody locks themselves out.
  for (let number = 1; ; number += 1) {
    const idempotencyKey = `first-api-key-${number}`;
    const requestHash = hash('sha256', idempotencyKey, 'hex');
    const issued = await issueApiKey(
      { gateway, organizations, pepper },
      new IssueApiKey('First key', ['*'], { ...asked, dryRun: false, idempotencyKey, requestHash }),
    );
    if (issued.kind === 'refused') throw refused(issued);
    const { id, key } = JSON.parse(issued.answer) as { id: string; key: string };
    const credentials = await organizations.apiKeyCredentials(id);
    if (typeof credentials?.revokedAt !== 'string') return key;
  }
}

function refused(outcome: Extract<CommandOutcome, { kind: 'refused' }>): Error {
  return new Error(`the first organization could not be made: ${outcome.refusal.detail}`);
}
