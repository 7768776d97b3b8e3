import { organizationOfSandbox } from '@fintech-ledger/access/domain';
import type { OpenSandbox } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import { systemActor } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway } from '@fintech-ledger/journal';

/** A sandbox that its live organization has, and in whose own stream there may be nothing yet. */
export interface CreatedSandbox {
  readonly id: string;
  readonly name: string;
  /** The live organization. */
  readonly parentId: string;
}

/** A command of the installation itself, for a sandbox. */
export function toSandbox(
  sandboxId: string,
  command: object,
  correlationId: string,
): Pick<CommandEnvelope, 'stream' | 'organizationId' | 'actor' | 'command' | 'correlationId'> {
  const organizationId = organizationOfSandbox(sandboxId);
  const stream = organizationStream(organizationId);
  return { stream, organizationId, actor: systemActor, command, correlationId };
}

/** Begins the stream of a sandbox, unless that was done: who repeats the creation ends what a crash has left undone. */
export async function openSandbox(
  gateway: CommandGateway,
  { id: sandboxId, name, parentId }: CreatedSandbox,
  correlationId: string,
): Promise<void> {
  const command: OpenSandbox = { type: 'OpenSandbox', sandboxId, parentId, name };
  const outcome = await gateway.submit(toSandbox(sandboxId, command, correlationId));
  if (outcome.kind === 'refused' && outcome.refusal.code !== 'organization_exists')
    throw new Error(`sandbox ${sandboxId} could not be opened: ${outcome.refusal.detail}`);
}
