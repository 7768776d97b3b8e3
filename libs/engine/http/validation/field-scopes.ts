import type { FieldScope } from '../authentication/check-scope';
import type { DtoClass } from './decorators';

const known = new WeakMap<object, FieldScope[]>();

/**
 * Whoever gives the field, and not as false, needs this scope.
 * Only for the fields of a body itself, not of what is nested in it.
 * @param code the problem of a key without it
 */
export function NeedsScope(
  scope: FieldScope['scope'],
  code: FieldScope['code'] = 'scope_beyond_own',
): PropertyDecorator {
  return (target, property) => {
    const scopes = known.get(target.constructor) ?? [];
    known.set(target.constructor, [...scopes, { field: String(property), scope, code }]);
  };
}

export function fieldScopesOf(dto: DtoClass | undefined): readonly FieldScope[] {
  return dto === undefined ? [] : (known.get(dto) ?? []);
}
