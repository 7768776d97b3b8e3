import type { Ajv, ValidateFunction } from 'ajv';
import type { FieldProblem } from '../problems/api-problem';
import { problemsListedMax } from '../limits';
import type { JsonSchema } from './json-schema';
import { invalidType, invalidValue, missingField, pointer, unknownField, wrongCount } from './violations';

/**
 * Says why a value is not of a schema: at most `problemsListedMax` problems, one for each place. It stops there, and
 * it judges no item of a list that is too long, so that a refusal costs no more than reading the body did.
 */
export class Explainer {
  private readonly leaves = new WeakMap<JsonSchema, ValidateFunction>();

  constructor(private readonly ajv: Ajv) {}

  explain(schema: JsonSchema, value: unknown): readonly FieldProblem[] {
    const found: FieldProblem[] = [];
    for (const problem of this.problems(schema, value, '')) {
      found.push(problem);
      if (found.length === problemsListedMax) break;
    }
    return found;
  }

  private *problems(schema: JsonSchema, value: unknown, place: string): Iterable<FieldProblem> {
    const types = [schema.type ?? []].flat();
    if (value === null && types.includes('null')) return;
    if (schema.items !== undefined) yield* this.ofList(schema, schema.items, value, place);
    else if (schema.properties !== undefined && (isObject(value) || !types.includes('string')))
      yield* this.ofObject(schema, schema.properties, value, place);
    else if (schema.propertyNames !== undefined) yield* this.ofMap(schema, value, place);
    else if (!this.leaf(schema)(value)) yield invalidValue(schema, value, place);
  }

  private *ofList(
    schema: JsonSchema,
    items: JsonSchema,
    value: unknown,
    place: string,
  ): Iterable<FieldProblem> {
    if (!Array.isArray(value)) {
      yield invalidType(schema, place);
      return;
    }
    const { minItems = 0, maxItems = Infinity } = schema;
    if (value.length < minItems) yield wrongCount(schema, 'x-too-few', place);
    if (value.length > maxItems) yield wrongCount(schema, 'x-too-many', place);
    else for (const [at, item] of value.entries()) yield* this.problems(items, item, `${place}/${at}`);
  }

  private *ofObject(
    schema: JsonSchema,
    properties: Readonly<Record<string, JsonSchema>>,
    value: unknown,
    place: string,
  ): Iterable<FieldProblem> {
    if (!isObject(value)) {
      yield invalidType(schema, place);
      return;
    }
    for (const name of schema.required ?? []) if (value[name] === undefined) yield missingField(name, place);
    for (const name in value) if (!Object.hasOwn(properties, name)) yield unknownField(name, place);
    for (const [name, field] of Object.entries(properties)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      if (given !== undefined) yield* this.problems(field, given, pointer(place, name));
    }
  }

  /** Any names, all with the same rule for their values. */
  private *ofMap(schema: JsonSchema, value: unknown, place: string): Iterable<FieldProblem> {
    if (!isObject(value) || Object.keys(value).length > (schema.maxProperties ?? Infinity)) {
      yield invalidValue(schema, value, place);
      return;
    }
    const { propertyNames: names = {}, additionalProperties: values } = schema;
    const wrong = Object.keys(value).find((name) => !this.leaf(names)(name));
    if (wrong !== undefined) yield invalidValue(names, wrong, place);
    if (typeof values !== 'object') return;
    for (const [name, item] of Object.entries(value))
      yield* this.problems(values, item, pointer(place, name));
  }

  private leaf(schema: JsonSchema): ValidateFunction {
    const known = this.leaves.get(schema);
    if (known !== undefined) return known;
    const compiled = this.ajv.compile(schema);
    this.leaves.set(schema, compiled);
    return compiled;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
