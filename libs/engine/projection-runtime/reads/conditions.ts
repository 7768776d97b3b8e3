import type { AsOf } from './queries';
import type { StatementParameters } from './read-at';

/** When objects were created. */
export interface CreatedWithin {
  /** Inclusive, milliseconds since 1970. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
}

/** SQL: conditions on a time. @param column milliseconds since 1970 */
export function within(
  { fromMs, toMs }: CreatedWithin,
  p: StatementParameters,
  column: string,
): readonly string[] {
  return [
    ...(fromMs === undefined ? [] : [`${column} >= ${p.$(fromMs)}`]),
    ...(toMs === undefined ? [] : [`${column} < ${p.$(toMs)}`]),
  ];
}

/** SQL: what was so by then. A time is by the clock of the environment. */
export function by(asOf: AsOf, revision: string, ms: string, p: StatementParameters): string {
  return 'revision' in asOf
    ? `${revision} <= ${p.$(asOf.revision)}`
    : `${ms} <= ${p.$(Date.parse(asOf.time))}`;
}

/** SQL: conditions on the column `x.metadata`, as its index has them. Empty metadata: none. */
export function withMetadata(
  metadata: Readonly<Record<string, string>> = {},
  p: StatementParameters,
): readonly string[] {
  if (Object.keys(metadata).length === 0) return [];
  return [`x.metadata <> '{}'`, `x.metadata @> ${p.$(JSON.stringify(metadata))}::jsonb`];
}
