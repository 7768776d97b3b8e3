import { scopeBeyondOwn } from '@fintech-ledger/contract';
import type { FieldScope } from '../authentication/check-scope';
import type { DtoClass } from './decorators';

const known = new WeakMap<object, FieldScope[]>();

/**
 * Anyone who gives the field, and not as false, needs this scope.
 * Only for the fields of a body itself, not of what is nested in it.
 * @param refused what a key without it is refused with
 */
export function NeedsScope(
  scope: FieldScope['scope'],
  refused: FieldScope['refusal'] = scopeBeyondOwn,
): PropertyDecorator {
  return (target, property) => {
    const scopes = known.get(target.constructor) ?? [];
    known.set(target.constructor, [...scopes, { field: String(property), scope, refusal: refused }]);
  };
}

export function fieldScopesOf(dto: DtoClass | undefined): readonly FieldScope[] {
  return dto === undefined ? [] : (known.get(dto) ?? []);
}
