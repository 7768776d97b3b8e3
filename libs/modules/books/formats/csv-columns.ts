import { ImportRefused, problem } from './problem';
import { invalidColumns, missingColumn, unknownColumn } from './file-refusals';

const required = ['transaction', 'date', 'account', 'amount'] as const;
/** The columns without which nothing can be booked, called as their roles. */
export const requiredColumns: readonly string[] = required;
const optional = ['unit', 'description', 'reference', 'type', 'address'] as const;
/** The header of the exports of earlier releases. */
const earlierExportColumns: readonly string[] = [
  'transaction',
  'date',
  'account',
  'type',
  'amount',
  'unit',
  'description',
  'reference',
];
/** The header of our own exports. */
export const exportColumns: readonly string[] = [...earlierExportColumns, 'address'];
const ofExports: ReadonlySet<string> = new Set(
  [exportColumns, earlierExportColumns].map((each) => each.join()),
);
export const isExportHeader = (header: readonly string[]): boolean => ofExports.has(header.join());
export type ColumnRole = (typeof required)[number] | (typeof optional)[number];
const roles: readonly string[] = [...required, ...optional];

const isRole = (name: string): name is ColumnRole => roles.includes(name);

/** Which column of the file plays which role. */
export type ColumnNames = ReadonlyMap<ColumnRole, string>;

/**
 * `transaction=txnidx,date=date,account=account,amount=amount,unit=commodity`; a column may be in quotes when it has a comma.
 * @throws ImportRefused `invalid_columns`: not of that form, an unknown or repeated role, a role missing
 */
export function parseColumns(text: string): ColumnNames {
  const names = new Map<ColumnRole, string>();
  for (const part of text.match(/(?:"[^"]*"|[^,"])+/gu) ?? []) {
    const at = part.indexOf('=');
    const role = part.slice(0, Math.max(at, 0)).trim();
    const column = unquoted(part.slice(at + 1).trim());
    if (!isRole(role) || column === '') {
      throw notColumns(`'${part.trim()}' is not <role>=<column>; the roles are ${roles.join(', ')}`);
    }
    if (names.has(role)) throw notColumns(`${role} is named twice`);
    names.set(role, column);
  }
  const missing = required.filter((role) => !names.has(role));
  if (missing.length > 0) throw notColumns(`no column is named for ${missing.join(', ')}`);
  return names;
}

function unquoted(text: string): string {
  const from = text.startsWith('"') ? 1 : 0;
  return text.slice(from, text.length > from && text.endsWith('"') ? -1 : undefined);
}

/** Where each role's column stands in the header. Without names, the columns are called as their roles. @throws ImportRefused */
export function locateColumns(
  header: readonly string[],
  names: ColumnNames | undefined,
): ReadonlyMap<ColumnRole, number> {
  // In the files of others a column of that name holds something else.
  const isSure = (role: ColumnRole): boolean => role !== 'address' || isExportHeader(header);
  const found = roles.filter(isRole).filter((role) => header.includes(role) && isSure(role));
  const wanted = names ?? new Map(found.map((role) => [role, role]));
  const missing = required.filter((role) => !wanted.has(role));
  if (missing.length > 0) {
    throw new ImportRefused(
      problem(missingColumn, `the header has no column ${missing.join(', ')}: say which they are (columns)`, {
        line: 1,
      }),
    );
  }
  return new Map([...wanted].map(([role, column]) => [role, indexOf(header, column)]));
}

function indexOf(header: readonly string[], column: string): number {
  const index = header.indexOf(column);
  if (index < 0) {
    const detail = `there is no column '${column}'; the header has ${header.join(', ')}`;
    throw new ImportRefused(problem(unknownColumn, detail, { line: 1, column }));
  }
  if (header.indexOf(column, index + 1) >= 0) {
    throw new ImportRefused(problem(unknownColumn, `the header has '${column}' twice`, { line: 1, column }));
  }
  return index;
}

function notColumns(detail: string): ImportRefused {
  return new ImportRefused(problem(invalidColumns, detail));
}
