import type { SubjectKey } from './personal-value';

/** The name under which the keys of data subjects are provided to handlers. */
export const subjectKeysPort = Symbol('SubjectKeys');

/** A value to be found again by what it is. */
export interface Lookup {
  readonly label: string;
  /** In the one form that is looked for. */
  readonly value: string;
  /** As events have it. */
  readonly sealed: string;
}

/** A subject that was there, and was erased. */
export interface ErasedSubject {
  readonly id: string;
  readonly key: null;
}
/** A subject whose key is lost: it does not open, or is not there. Nothing that was sealed with it can be read. */
export interface LostSubject {
  readonly id: string;
  readonly key: undefined;
}
export type KnownSubject = SubjectKey | ErasedSubject | LostSubject;

/** What a data subject is; only who makes those of a kind can tell what came of a claim. */
export type SubjectKind = 'bank_line' | 'connected_account' | 'customer' | 'data_subject' | 'dispute';

/** What a request has made, and no event names yet. */
export interface SubjectClaim {
  readonly organizationId: string;
  readonly subject: KnownSubject;
  /** Whether this request has made the key. */
  readonly isNew: boolean;
  /** Of the request. */
  readonly token: string;
}
/** A subject of which a request has left something, and died. */
export interface ClaimedSubject {
  readonly id: string;
  readonly organizationId: string;
}

/** The sealed values that events have of a subject now; `all`: those noted; undefined: there is no such subject. */
export type ClaimEnd = readonly string[] | 'all' | undefined;

/**
 * The keys of data subjects. Each call reads the database, so that an erasure holds in every process at once; only who
 * handles personal values calls. All throw DatabaseUnavailable when Postgres is unavailable.
 */
export interface SubjectKeys {
  /**
   * The id that the subject of a request gets: it sorts by time, and is the same whenever the request is sent again
   * under its idempotency key, as long as there is a key of that subject.
   */
  newId(organizationId: string, idempotencyKey: string | undefined): Promise<string>;
  /** The id of the subject that has a name of its own, always the same. Nobody outside can tell it. */
  idOf(organizationId: string, name: string): string;
  /**
   * Makes its key where there is none yet; of two with ids of one request the first one counts. Until `keep` or
   * `release` says what came of the request, that key and what is noted stand for nothing: see `claimed`. A damaged key
   * stays as it is: no other opens what it sealed.
   */
  claim(organizationId: string, id: string, of: SubjectKind): Promise<SubjectClaim>;
  /** For a subject that there is: what is noted is claimed alone. */
  claimOf(organizationId: string, subject: KnownSubject, of: SubjectKind): SubjectClaim;
  /** An event names the subject, and these values of it. */
  keep(claim: SubjectClaim, lookups: readonly Lookup[]): Promise<void>;
  /** No event does by this request: what it made goes, unless another request uses it by now. */
  release(claim: SubjectClaim): Promise<void>;
  /** Subjects of a kind of which something is claimed for longer than any request takes: those requests have died. */
  claimed(of: SubjectKind, limit: number): Promise<readonly ClaimedSubject[]>;
  /** What came of those. */
  settle(subject: ClaimedSubject, end: ClaimEnd): Promise<void>;
  /** A key for a dry run: it is kept nowhere. */
  trial(id: string): SubjectKey;
  /**
   * By id, the subjects of this organization among these. Of a damaged key it says so, and tells the others.
   * @throws ReadModelBehind events may have erased one of which this database does not know yet: it was restored
   */
  select(organizationId: string, ids: Iterable<string>): Promise<ReadonlyMap<string, KnownSubject>>;
  /** Has values of a subject found by `tagOf`. */
  note(claim: SubjectClaim, lookups: readonly Lookup[]): Promise<void>;
  /** What a value is looked up by: a keyed hash of it. */
  tagOf(organizationId: string, label: string, value: string): string;
  /** For good. What is destroyed already stays so. */
  destroy(ids: readonly string[]): Promise<void>;
  /** Destroys again what events say was erased, such as after a restore. @returns how many there were */
  destroyErased(): Promise<number>;
}
