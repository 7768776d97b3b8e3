import type { FastifyReply } from 'fastify';
import type { At } from '@fintech-ledger/projection-runtime';

/** Answers a query, with the position that it was read at. @param owner the ledger or organization whose position it is */
export function sendAnswer(reply: FastifyReply, { result, revision }: At<unknown>, owner: string): void {
  void reply.header('Ledger-Position', `${owner}@${revision}`);
  sendJson(reply, result);
}

export function sendJson(reply: FastifyReply, value: unknown): void {
  void reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(value));
}
