export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** As given out in `next_cursor`. */
  readonly cursor?: string;
}
/** A result and the ledger revision it was read at, from one snapshot. */
export interface At<T> {
  readonly result: T;
  readonly revision: number;
}
export type Axis = 'effective' | 'recorded';
/** A moment: a time (RFC 3339) on an axis, or a revision (inclusive; always the recorded axis). */
export type AsOf = { readonly time: string; readonly axis: Axis } | { readonly revision: number };

/** `cursor` that is not one of ours. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}

/** Read models that can be waited for, each of their owners apart. */
export interface Followed {
  /** Resolves once what is known of this owner stands at `revision` or later; false when `timeoutMs` passed first. */
  waitFor(owner: string, revision: number, timeoutMs: number): Promise<boolean>;
  /** Why the read models of this owner are halted (as of a second ago at most); undefined: they are not. */
  haltedReason(owner: string): Promise<string | undefined>;
}
