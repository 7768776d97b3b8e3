import type { ApiRequest } from '@fintech-ledger/http';
import { targetCharacters } from './limits';

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
