import { apiKeyVisibleWaitMs } from './limits';
import type { OrganizationQueries } from '../read-model/queries';

/**
 * Waits a little until the read models have seen this revision, so that a new key works, and a revoked one does not, in every process once it is
 * answered. Best effort: the command is done, so neither slowness nor absence of the read models changes its answer.
 */
export async function untilVisible(
  organizations: OrganizationQueries,
  organizationId: string,
  revision: number,
): Promise<void> {
  try {
    await organizations.waitFor(organizationId, revision, apiKeyVisibleWaitMs);
  } catch {
    // The read models are unavailable; they will see it when they are back.
  }
}
