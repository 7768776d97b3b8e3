import type { Refusal, RefusalKind } from './refusal';

/** The HTTP status that follows from what kind of "no" a refusal is. */
export const refusalStatuses = {
  malformed: 400,
  declined: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rule: 422,
} as const satisfies Record<RefusalKind, number>;

/** A refusal that a rule may make, declared beside it. The document, the error reference and the status come of it. */
export interface DeclaredRefusal<Code extends string = string> {
  readonly code: Code;
  readonly kind: RefusalKind;
  /** What it means, for the error reference. */
  readonly meaning: string;
}

/** Declares a refusal. */
export function refusal<const Code extends string>(
  code: Code,
  kind: RefusalKind,
  meaning: string,
): DeclaredRefusal<Code> {
  return { code, kind, meaning };
}

/** The codes of a list of refusals. */
export type CodeOf<List extends readonly DeclaredRefusal[]> = List[number]['code'];
/** A refusal of a list. */
export type RefusalOf<List extends readonly DeclaredRefusal[]> = Refusal<CodeOf<List>>;

/** A list without the refusals that can't happen there; the order stays. */
export function except<Code extends string, Left extends NoInfer<Code>>(
  list: readonly DeclaredRefusal<Code>[],
  ...left: readonly DeclaredRefusal<Left>[]
): readonly DeclaredRefusal<Exclude<Code, Left>>[] {
  const codes = new Set<string>(left.map(({ code }) => code));
  const isLeft = (one: DeclaredRefusal): one is DeclaredRefusal<Exclude<Code, Left>> => !codes.has(one.code);
  return list.filter(isLeft);
}
