import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { JsonSchema } from '../validation/json-schema';

/** A parameter of a path, as a module declares it. */
export interface PathParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly accepts: (value: string) => boolean;
  /** What a value is refused with that can't be one, without asking anybody. */
  readonly refusal: DeclaredRefusal;
  readonly detail: string;
}

/** The names in a path. */
export function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name);
}
