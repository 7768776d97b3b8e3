import type { ApiRequest } from './api-request';
import { isDryRun } from './is-dry-run';

const asksOnly = new Set(['GET', 'HEAD']);

/** A query, or a dry run, whether its path or its body says that it is one. */
export function changesNothing(request: ApiRequest): boolean {
  const { method, body, endpoint } = request;
  if (asksOnly.has(method) || isDryRun(request)) return true;
  if (endpoint?.isTriedByBody !== true) return false;
  return (body as { readonly dry_run?: unknown } | null | undefined)?.dry_run === true;
}
