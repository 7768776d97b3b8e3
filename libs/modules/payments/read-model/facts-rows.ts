import { column } from '@fintech-ledger/projection-runtime';
import type { CurrentRow } from './project';

/* Objects as the last event of a batch left them, as a statement takes them: a column is a text, and so are facts. */

/** SQL: the rows whose values `factsValues` gives. */
export const factsRows = `unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'),
              string_to_array($3, E'\\n')::bigint[], string_to_array($4, E'\\n')::bigint[],
              string_to_array($5, E'\\n')::bigint[], string_to_array($6, E'\\n'),
              string_to_array($7, E'\\n')::jsonb[])
         as r ("ledgerId", id, "firstRevision", "createdMs", revision, status, facts)`;

/** JSON has no line breaks between or inside its values. */
export const factsValues = (rows: readonly CurrentRow[]): readonly string[] => [
  column(rows, ({ ledgerId }) => ledgerId),
  column(rows, ({ id }) => id),
  column(rows, ({ firstRevision }) => firstRevision),
  column(rows, ({ createdMs }) => createdMs),
  column(rows, ({ revision }) => revision),
  column(rows, ({ status }) => status),
  column(rows, ({ facts }) => facts),
];
