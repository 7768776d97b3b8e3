import type { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { WriteToLedger } from '@fintech-ledger/application';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger';
import { pathParameter } from './api-request';
import type { ApiRequest } from './api-request';
import { commandContext } from './command-context';
import { sendOutcome } from './send-outcome';

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
