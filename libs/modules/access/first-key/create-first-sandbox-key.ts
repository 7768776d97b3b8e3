import { organizationOfSandbox } from '@fintech-ledger/access/domain';
import type { CreateSandbox } from '@fintech-ledger/access/domain';
import { keyedByUs, ownCommand, ownKeyMark } from '@fintech-ledger/journal';
import { openSandbox } from '../sandboxes/open-sandbox';
import { createOrganization, firstStart, FirstKeys, keptNowhere } from './create-first-api-key';
import type { FirstKeyContext, FirstKeyDraft } from './create-first-api-key';

const name = 'Sandbox';
const sandboxKey = `${ownKeyMark}first-sandbox/1`;

/**
 * Makes a sandbox below the first organization, when the installation has not made one, and a key for it; returns the
 * key, as `createFirstApiKey` does. All of it is idempotent.
 */
export async function createFirstSandboxKey(
  context: FirstKeyContext,
  draft: FirstKeyDraft = keptNowhere,
): Promise<string | undefined> {
  const parentId = await createOrganization(context);
  const command: CreateSandbox = { type: 'CreateSandbox', name };
  const outcome = await context.gateway.submit({
    ...ownCommand(parentId, command, firstStart),
    ...keyedByUs(sandboxKey),
  });
  if (outcome.kind === 'refused')
    throw new Error(`the first sandbox could not be made: ${outcome.refusal.detail}`);
  const { id } = JSON.parse(outcome.answer) as { id: string };
  await openSandbox(context.gateway, { id, name, parentId }, firstStart);
  return new FirstKeys(context, organizationOfSandbox(id), draft, 'test').key();
}
