import type { StatementParameters } from '@fintech-ledger/projection-runtime';

/** SQL: addresses that start with a text, as a range in byte order; nothing in the text is a pattern. */
export function addressRange(column: string, prefix: string, p: StatementParameters): string {
  // U+10FFFF sorts after everything that can follow in an address.
  return `${column} >= ${p.$(prefix)} and ${column} < ${p.$(`${prefix}\u{10ffff}`)}`;
}

/** SQL conditions that use the partial index on metadata; none when nothing is asked for. */
export function metadataFilter(
  alias: string,
  metadata: Readonly<Record<string, string>> | undefined,
  p: StatementParameters,
): readonly string[] {
  if (metadata === undefined || Object.keys(metadata).length === 0) return [];
  return [`${alias}.metadata <> '{}'`, `${alias}.metadata @> ${p.$(JSON.stringify(metadata))}::jsonb`];
}
