import { dataSubjectErased, dataSubjectNotFound, isStorable } from '@fintech-ledger/contract';
import type { Books, SubjectValue } from './books';
import type { ExportRecord } from './ndjson-records';
import { problem } from './problem';
import type { ImportProblem } from './problem';

/** A value as an export shows it: of somebody erased it is null, and where the key was lost. */
interface ShownValue {
  readonly subject: string;
  readonly value: string | null;
  readonly erased?: true;
  readonly unreadable?: true;
}
/** As a request that needs a lost key is answered. */
const unavailable = { code: 'unavailable' } as const;
const subjectId = /^sub_[A-Za-z0-9]{1,64}$/;
const sealedStart = 'sealed:1:';

/** A text that is not taken for a sealed value. */
export const isPlainText = (value: unknown): boolean =>
  typeof value === 'string' && isStorable(value) && !value.startsWith(sealedStart);

export function isSubjectValue(item: unknown): item is ShownValue {
  if (typeof item !== 'object' || item === null) return false;
  const { subject, value, erased, unreadable, ...others } = item as Readonly<Record<string, unknown>>;
  if (typeof subject !== 'string' || !subjectId.test(subject) || Object.keys(others).length > 0) return false;
  if (erased !== undefined || unreadable !== undefined)
    return value === null && (erased === undefined ? unreadable === true : erased === true && !unreadable);
  return typeof value === 'string' && isStorable(value);
}

/** Kept of somebody whose value was erased, or unreadable, before it was exported: no key opens it. */
const goneValue = ({ subject, unreadable }: ShownValue): string =>
  `${sealedStart}metadata:${subject}:${unreadable === true ? 'unreadable' : 'erased'}`;

/**
 * The record with values of data subjects sealed in its metadata, before anything is made of it: its key is a hash of
 * it, which must not let anybody guess a value. A problem where a subject is not there, is erased, or has lost its
 * key.
 */
export async function sealedRecord<R extends ExportRecord>(
  record: R,
  books: Pick<Books, 'sealAll'>,
  line: number,
): Promise<R | ImportProblem> {
  if (!('metadata' in record)) return record;
  const entries = Object.entries(record.metadata as Readonly<Record<string, string | ShownValue>>);
  const values = entries.filter((entry): entry is [string, ShownValue] => typeof entry[1] !== 'string');
  if (values.length === 0) return record;
  const metadata = new Map(Object.entries(record.metadata));
  const given = values.filter((entry): entry is [string, SubjectValue] => entry[1].value !== null);
  const sealed = given.length === 0 ? [] : await books.sealAll?.(given.map(([, value]) => value));
  for (const [name, shown] of values) if (shown.value === null) metadata.set(name, goneValue(shown));
  for (const [at, [name, { subject }]] of given.entries()) {
    const kept = sealed?.[at] ?? null;
    const where = { line, column: `metadata.${name}` };
    if (kept === null) return problem(dataSubjectNotFound, `there is no data subject ${subject}`, where);
    if (kept.gone === 'erased')
      return problem(dataSubjectErased, `the data subject ${subject} was erased`, where);
    if (kept.gone === 'lost')
      return problem(unavailable, `the key of the data subject ${subject} is missing or damaged`, where);
    metadata.set(name, kept.text);
  }
  return { ...record, metadata: Object.fromEntries(metadata) };
}
