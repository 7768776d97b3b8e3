import type { ApiRequest } from '@fintech-ledger/http';
import { targetCharacters } from './limits';

const asksOnly = new Set(['GET', 'HEAD']);

/** A query, or a dry run, whether its path or its body says that it is one. */
export function changesNothing({ method, query, body, endpoint }: ApiRequest): boolean {
  if (asksOnly.has(method) || (query as { dry_run?: string }).dry_run === 'true') return true;
  if (endpoint?.isTriedByBody !== true) return false;
  return (body as { readonly dry_run?: unknown } | null | undefined)?.dry_run === true;
}

/** What it is about: the last id of its path. */
export function targetOf(
  { params }: ApiRequest,
  { parameters }: NonNullable<ApiRequest['endpoint']>,
): { readonly targetId: string | null; readonly targetType: string | null } {
  const last = parameters.at(-1);
  const id = last && (params as Readonly<Record<string, string>>)[last.name];
  // What is no id may be anything, such as a secret or an e-mail address, and would be in an event for ever.
  const isId = id !== undefined && id.length <= targetCharacters && last?.pattern.test(id) === true;
  return isId ? { targetId: id, targetType: last.of ?? last.name } : { targetId: null, targetType: null };
}
