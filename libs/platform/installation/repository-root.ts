import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder that holds `schemas/sql`, above this file: the same for the sources and for `dist`. */
export function repositoryRoot(from: string = __dirname): string {
  if (existsSync(path.join(from, 'schemas', 'sql'))) return from;
  const above = path.dirname(from);
  if (above === from) throw new Error('schemas/sql was not found above the program');
  return repositoryRoot(above);
}
