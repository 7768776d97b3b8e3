import type { FastifyReply } from 'fastify';

/** Calls once the answer is sent, or its client has left, even if that is so already. */
export function whenGone({ raw }: Pick<FastifyReply, 'raw'>, work: () => void): void {
  if (raw.destroyed) work();
  else raw.once('close', work);
}
