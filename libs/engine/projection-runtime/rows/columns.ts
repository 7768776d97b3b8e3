/** Values of one column as a single text parameter, for `unnest(string_to_array($1, E'\n'))`. None may contain a line break. */
export function column<R>(rows: readonly R[], value: (row: R) => string | number): string {
  return rows.map(value).join('\n');
}

/** Fails the projection: the events promise rows that are not there. */
export function assertRows(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`${expected} ${what} should be there, ${found} are`);
}
