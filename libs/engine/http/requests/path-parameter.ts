import type { DeclaredRefusal } from '@fintech-ledger/contract';

/** A parameter of a path, as a module declares it. */
export interface PathParameter {
  readonly name: string;
  /** What it is the id of, where its name does not say it. */
  readonly of?: string;
  readonly description: string;
  /** What a value has to match, and how long it may be. */
  readonly pattern: RegExp;
  readonly lengthMax?: number;
  readonly example?: string;
  /** What a value is refused with that can't be one, without asking anybody. */
  readonly refusal: DeclaredRefusal;
  readonly detail: string;
}

/** The names in a path. */
export function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name);
}
