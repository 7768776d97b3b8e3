import { isSameJson } from '@fintech-ledger/contract';
import { answeredBy } from '@fintech-ledger/ledger/domain';
import type { AuditChanges } from './audit-line-shape';
import type { Descriptions } from './describe';
import type { Said } from './said';

type Data = Readonly<Record<string, unknown>>;

/**
 * What an event changed of what it is about: the members that differ from how the event before it left them. Where
 * there is none, the event made it. Null: the two say it in different ways, or nothing differs.
 */
export function changesOf(
  descriptions: Descriptions,
  { type, data }: Said,
  before: Said | undefined,
): AuditChanges | null {
  if (answeredBy({ type, data }) !== undefined) return null;
  const now = descriptions.object(type, data);
  const previous = descriptions.previous(type);
  if (before === undefined)
    return difference(previous ?? {}, previous === undefined ? now.object : picked(now.object, previous));
  const earlier = descriptions.object(before.type, before.data);
  if (earlier.shape === now.shape) return difference(earlier.object, now.object);
  return previous === undefined ? null : difference(previous, picked(now.object, previous));
}

const picked = (object: Data, like: Data): Data =>
  Object.fromEntries(Object.keys(like).map((name) => [name, object[name]]));

function difference(before: Data, after: Data): AuditChanges | null {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].flatMap((name) => {
    const each = { before: before[name] ?? null, after: after[name] ?? null };
    return isSameJson(each.before, each.after) ? [] : [[name, each] as const];
  });
  return changed.length === 0 ? null : Object.fromEntries(changed);
}
