import type { Axis, StatementParameters } from '@fintech-ledger/projection-runtime';

/** A range of time on an axis, and the place after which a page begins (newest first). */
export interface EntryRange {
  readonly axis: Axis;
  /** Milliseconds; `from` inclusive, `to` exclusive. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly before?: { readonly effectiveMs: number; readonly sequence: number };
}

/** One of the two ordered ranges that an account's entries (`read.entries e`) are merged from. */
export interface EntryBranch {
  readonly where: string;
  readonly order: string;
}

/** The order of the merged rows, by their columns. */
export const mergedOrder = (axis: Axis, alias: string): string =>
  axis === 'recorded' ? `${alias}.sequence desc` : `${alias}.effective_ms desc, ${alias}.sequence desc`;

/**
 * Undated entries are in effective order when they are in recorded order, so a range of time is a range of sequences on either axis;
 * only dated ones are read through an index of their own on the effective axis.
 * @param ledger SQL of the ledger's key, a uuid
 */
export function entryBranches(
  { axis, fromMs, toMs, before }: EntryRange,
  account: string,
  ledger: string,
  p: StatementParameters,
): readonly EntryBranch[] {
  const after = (ms: string): string => `read.sequence_after(read.revision_at(${ledger}, ${ms}))`;
  const ofAccount = `e.account_key = ${account}::uuid`;
  const bySequence: string[] = [];
  if (fromMs !== undefined) bySequence.push(`e.sequence >= ${after(`${p.$(fromMs - 1)}::bigint`)}`);
  if (toMs !== undefined) bySequence.push(`e.sequence < ${after(`${p.$(toMs - 1)}::bigint`)}`);
  const undated = [ofAccount, 'not e.is_dated', ...bySequence];
  if (axis === 'recorded') {
    const dated = [ofAccount, 'e.is_dated', ...bySequence];
    if (before !== undefined) {
      const condition = `e.sequence < ${p.$(before.sequence)}`;
      undated.push(condition);
      dated.push(condition);
    }
    return [undated, dated].map((where) => ({ where: where.join(' and '), order: 'e.sequence desc' }));
  }
  const dated = [ofAccount, 'e.is_dated'];
  if (fromMs !== undefined) dated.push(`e.effective_ms >= ${p.$(fromMs)}`);
  if (toMs !== undefined) dated.push(`e.effective_ms < ${p.$(toMs)}`);
  if (before !== undefined) {
    const ms = `${p.$(before.effectiveMs)}::bigint`;
    const sequence = `${p.$(before.sequence)}::bigint`;
    dated.push(`(e.effective_ms, e.sequence) < (${ms}, ${sequence})`);
    // All that was recorded in earlier milliseconds, and of this one what lies before the place.
    undated.push(`e.sequence < greatest(${after(`${ms} - 1`)}, least(${sequence}, ${after(ms)}))`);
  }
  return [
    { where: undated.join(' and '), order: 'e.sequence desc' },
    { where: dated.join(' and '), order: 'e.effective_ms desc, e.sequence desc' },
  ];
}
