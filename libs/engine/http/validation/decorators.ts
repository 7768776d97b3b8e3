import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsObject,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { SnakeCase } from '@fintech-ledger/contract';
import type { Rule } from './rule';

export type DtoClass = abstract new () => object;

/** Marks of the conditional decorators, by which the schema tells them apart. */
export const isPresent = (_object: object, value: unknown): boolean => value !== undefined;
export const isGiven = (_object: object, value: unknown): boolean => value !== undefined && value !== null;

const descriptions = new WeakMap<object, string>();

/** Says what a body of this class is, in the document. */
export function Described(description: string): ClassDecorator {
  return (dto) => void descriptions.set(dto, description);
}

type NameInBody<Name, Elsewhere> = Name extends Elsewhere | 'type' ? never : SnakeCase<Name & string>;
/** A command as a body asks for it: its fields under the API's names, less those that come from elsewhere. */
export type BodyOf<Command, Elsewhere extends keyof Command = never> = {
  readonly [Name in keyof Command as NameInBody<Name, Elsewhere>]: Command[Name];
};
type HasFieldsOf<Body, Dto> = Dto extends Body
  ? [keyof Dto, keyof Body] extends [keyof Body, keyof Dto]
    ? []
    : [wrong: 'it has not the same fields']
  : [wrong: 'a field has another type, or is missing'];

/** The same of a body that asks for a command: it compiles only with the command's fields, and no others. */
export function AsksFor<Body extends object>(description: string) {
  return <Dto>(dto: abstract new () => Dto, ..._wrong: HasFieldsOf<Body, Dto>): void =>
    void descriptions.set(dto, description);
}
export function descriptionOf(dto: DtoClass): string | undefined {
  return descriptions.get(dto);
}

/** The value must keep a rule. @param description what it stands for, in the document */
export function Is(rule: Rule, description: string): PropertyDecorator {
  return ValidateBy({
    name: 'rule',
    constraints: [rule, description],
    validator: { validate: rule.accepts, defaultMessage: () => `must be ${rule.says}` },
  });
}

/** The field may be left out. */
export const Optional = (): PropertyDecorator => ValidateIf(isPresent);
/** The field may be left out, or null. */
export const Nullable = (): PropertyDecorator => ValidateIf(isGiven);

/** An object of this class. */
export function Nested(dto: () => new () => object, description: string): PropertyDecorator {
  return compose([
    ValidateBy({ name: 'nested', constraints: [dto, description], validator: { validate: isPlainObject } }),
    IsObject(),
    ValidateNested(),
    Type(dto),
  ]);
}

export interface ListBounds {
  readonly min: number;
  readonly max: number;
  readonly tooFew?: string;
  readonly tooMany?: string;
}

/** A list of objects of this class. */
export function ListOf(
  dto: () => new () => object,
  bounds: ListBounds,
  description: string,
): PropertyDecorator {
  return compose([
    ValidateBy({
      name: 'list',
      constraints: [dto, description, bounds],
      validator: { validate: (value) => Array.isArray(value) && value.every(isPlainObject) },
    }),
    IsArray(),
    ArrayMinSize(bounds.min),
    ArrayMaxSize(bounds.max),
    ValidateNested({ each: true }),
    Type(dto),
  ]);
}

/** A list of values that each keep a rule. */
export function ListOfValues(rule: Rule, bounds: ListBounds, description: string): PropertyDecorator {
  return compose([
    ValidateBy({
      name: 'values',
      constraints: [rule, description, bounds],
      validator: { validate: (value) => Array.isArray(value) && value.every(rule.accepts) },
    }),
    ArrayMinSize(bounds.min),
    ArrayMaxSize(bounds.max),
  ]);
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function compose(decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
