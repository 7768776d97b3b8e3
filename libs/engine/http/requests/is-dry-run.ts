import type { FastifyRequest } from 'fastify';

/** Whether it is only tried. */
export function isDryRun({ query }: Pick<FastifyRequest, 'query'>): boolean {
  return (query as { dry_run?: string }).dry_run === 'true';
}
