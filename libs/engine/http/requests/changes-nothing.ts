import type { ApiRequest } from './api-request';

const asksOnly = new Set(['GET', 'HEAD']);

/** A query, or a dry run, whether its path or its body says that it is one. */
export function changesNothing({ method, query, body, endpoint }: ApiRequest): boolean {
  if (asksOnly.has(method) || (query as { dry_run?: string }).dry_run === 'true') return true;
  if (endpoint?.isTriedByBody !== true) return false;
  return (body as { readonly dry_run?: unknown } | null | undefined)?.dry_run === true;
}
