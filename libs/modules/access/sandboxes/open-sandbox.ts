import { organizationOfSandbox } from '@fintech-ledger/access/domain';
import type { OpenSandbox } from '@fintech-ledger/access/domain';
import { ownCommand } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';

/** A sandbox that its live organization has, and in whose own stream there may be nothing yet. */
export interface CreatedSandbox {
  readonly id: string;
  readonly name: string;
  /** The live organization. */
  readonly parentId: string;
}

/** Begins the stream of a sandbox, unless that was done: who repeats the creation ends what a crash has left undone. */
export async function openSandbox(
  gateway: CommandGateway,
  { id: sandboxId, name, parentId }: CreatedSandbox,
  correlationId: string,
): Promise<void> {
  const command: OpenSandbox = { type: 'OpenSandbox', sandboxId, parentId, name };
  const outcome = await gateway.submit(ownCommand(organizationOfSandbox(sandboxId), command, correlationId));
  if (outcome.kind === 'refused' && outcome.refusal.code !== 'organization_exists')
    throw new Error(`sandbox ${sandboxId} could not be opened: ${outcome.refusal.detail}`);
}
