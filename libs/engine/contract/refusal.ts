/**
 * Why a command was not accepted. A refusal is data, never an exception: the state is exactly what it was before.
 * The code is also the API's `code`, the metric's label and the anchor in docs/reference/errors.md.
 * @typeParam Code which codes there are: each module says its own
 */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  /** One sentence for a person, with the figures that decided. */
  readonly detail: string;
  /** JSON pointer (RFC 6901) into the command's data, e.g. `/entries/1/amount`; absent when no one field is to blame. */
  readonly param?: string;
  /** Machine-readable facts: the holder of a reference, the difference of an unbalanced currency, … */
  readonly meta?: Readonly<Record<string, string>>;
  /** Of a command of many that are done all or none: which of them, from 0. */
  readonly index?: number;
  /** What it is about, as it is now, each under the name of its field: the payment that was declined. JSON-safe. */
  readonly objects?: Readonly<Record<string, object>>;
}

/**
 * What kind of "no" it is; the HTTP status follows from it.
 * `malformed` 400 · `declined` 402 (somebody else said no, and that is recorded) · `forbidden` 403 · `not_found` 404 ·
 * `conflict` 409 (try again when the state has changed) · `rule` 422
 */
export type RefusalKind = 'malformed' | 'declined' | 'forbidden' | 'not_found' | 'conflict' | 'rule';

/** Builds a refusal as it is declared (see `refusal`); `param` and `meta` are left out when undefined. */
export function refuse<Code extends string>(
  { code }: { readonly code: Code },
  detail: string,
  param?: string,
  meta?: Readonly<Record<string, string>>,
): Refusal<Code> {
  return { code, detail, ...(param === undefined ? {} : { param }), ...(meta === undefined ? {} : { meta }) };
}

/** The outcome of a command that is refused, see `refuse`. */
export function refused<Code extends string>(
  ...why: Parameters<typeof refuse<Code>>
): { readonly kind: 'refused'; readonly refusal: Refusal<Code> } {
  return { kind: 'refused', refusal: refuse(...why) };
}

/** What a command comes to for a part of a journal: its events, or why not. */
export type PartDecision<E, Code extends string = string> =
  | {
      readonly kind: 'decided';
      readonly events: readonly E[];
      /**
       * Of a command of the journal's own that is too much for one append: after how many of the events it may end, in
       * ascending order. Absent: after any.
       */
      readonly mayEndAfter?: readonly number[];
      /** Without events: what the answer shows instead. */
      readonly answeredAs?: readonly E[];
      /** Without events: the whole answer, a JSON text, of a command that only asks. */
      readonly answer?: string;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal<Code> };

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

/** A fact that can't be: thrown, never answered. It stops the writer and names what broke. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}
