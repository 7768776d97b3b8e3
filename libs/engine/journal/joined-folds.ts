import type { DomainRecord, JournalDomain } from './domain';
import type { AnyJoinable, AnyPart } from './domain-part';

/** Each part's fold is its module's, with a version of its own: a part that a stream has nothing of does not count. */
export function whatFolds(
  parts: Readonly<Record<string, AnyPart>>,
  ofRecord: (record: DomainRecord) => AnyPart | AnyJoinable | undefined,
  base?: AnyJoinable,
): Required<Pick<JournalDomain<unknown, never, DomainRecord>, 'foldOf' | 'folds'>> {
  const joined = Object.entries<AnyPart | AnyJoinable>({ ...(base && { base }), ...parts });
  const folds = new Map(joined.map(([name, part]) => [part, `${name}:${part.foldVersion ?? 1}`]));
  return {
    foldOf(record) {
      const part = ofRecord(record);
      return part && folds.get(part);
    },
    folds: new Set(folds.values()),
  };
}
