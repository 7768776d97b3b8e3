import type { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { WriteToLedger } from './write-to-ledger';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { pathParameter, commandContext, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';

/**
 * Sends a command to the ledger in the path, and its outcome to the client.
 * @param fieldOf the field of the body that a refusal's pointer stands for, where the body is not the command
 */
export async function submitToLedger(
  commands: CommandBus,
  command: LedgerCommand,
  request: ApiRequest,
  reply: FastifyReply,
  fieldOf?: (param: string) => string,
): Promise<void> {
  const ledgerId = pathParameter(request, 'ledger');
  const write = new WriteToLedger(ledgerId, command, commandContext(request));
  const outcome = await commands.execute<WriteToLedger, CommandOutcome>(write);
  sendOutcome(reply, fieldOf === undefined ? outcome : renamed(outcome, fieldOf), ledgerId);
}

function renamed(outcome: CommandOutcome, fieldOf: (param: string) => string): CommandOutcome {
  if (outcome.kind === 'accepted' || outcome.refusal.param === undefined) return outcome;
  return { kind: 'refused', refusal: { ...outcome.refusal, param: fieldOf(outcome.refusal.param) } };
}
