/**
 * SQL, for a `select`: until the transaction ends, rows are read by their indices. A plan that was made while there
 * were few rows reads all of them, and is kept as long as nobody analyzes the table. (An index may be read from end to
 * end, too: statements name their rows by key for that reason.)
 */
export const readByIndex = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']
  .map((name) => `set_config('${name}', 'off', true)`)
  .join(', ');
