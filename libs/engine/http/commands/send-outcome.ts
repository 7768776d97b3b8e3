import type { FastifyReply } from 'fastify';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { ApiProblem } from '../problems/api-problem';
import { sendProblem } from '../problems/send-problem';
import { refusalsOf } from '../requests/api-request';

/**
 * Answers a command. The answer is a JSON text already and goes out byte for byte, so that a replay is the same.
 * @param owner the ledger or organization whose position it is
 */
export function sendOutcome(reply: FastifyReply, outcome: CommandOutcome, owner: string): void {
  if (outcome.kind === 'refused') {
    sendProblem(reply, ApiProblem.ofRefusal(outcome.refusal, refusalsOf(reply.request)));
    return;
  }
  if (outcome.replayed) void reply.header('Idempotency-Replayed', 'true');
  void reply
    .header('Ledger-Position', `${owner}@${outcome.revision}`)
    .header('content-type', 'application/json; charset=utf-8')
    .send(outcome.answer);
}
