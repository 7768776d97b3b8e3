import Ajv from 'ajv/dist/2020';
import type { Options, ValidateFunction } from 'ajv/dist/2020';
import { openApiDocument } from './api-operations';
import type { Schema } from './api-operations';

const prefix = '#/components/schemas/';
const idOf = (name: string): string => `component:${name}`;

/**
 * Validators of the document's components. Each component is a schema of its own: Ajv compiles what a part of a
 * larger schema refers to again for each schema that refers to it.
 */
export class ComponentValidators {
  private readonly ajv: Ajv;
  private readonly added = new Set<string>();
  private readonly others = new Map<string, ValidateFunction>();

  /** @param changed what is held against, made of what the document has */
  constructor(
    options: Options = {},
    private readonly changed: (schema: Schema) => object = (schema) => schema,
  ) {
    this.ajv = new Ajv({ strict: false, validateFormats: false, ...options });
  }

  /** @returns what is wrong with a value; undefined: nothing */
  whatIsWrong(schema: object, value: unknown): string | undefined {
    const validate = this.validator(schema);
    return validate(value) ? undefined : this.ajv.errorsText(validate.errors);
  }

  private validator(schema: object): ValidateFunction {
    const text = this.withComponents(schema);
    const known = this.others.get(text);
    if (known !== undefined) return known;
    const made = this.ajv.compile(JSON.parse(text) as object);
    this.others.set(text, made);
    return made;
  }

  /** The text of a schema, whose references are to components that are known by then. */
  private withComponents(schema: object): string {
    return JSON.stringify(schema, (key, value: unknown) => {
      if (key !== '$ref' || typeof value !== 'string') return value;
      const name = value.slice(prefix.length);
      this.add(name);
      return idOf(name);
    });
  }

  private add(name: string): void {
    if (this.added.has(name)) return;
    this.added.add(name);
    const schema = openApiDocument.components.schemas[name];
    if (schema === undefined) throw new Error(`the document has no component ${name}`);
    const text = this.withComponents(this.changed(schema));
    this.ajv.addSchema({ $id: idOf(name), ...(JSON.parse(text) as object) });
  }
}

/** Of what a schema says nothing about, there is nothing: clients may not rely on that, and tests do. */
export function closed(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || !('properties' in value) || 'additionalProperties' in value) return value;
    return (value as Schema).type === 'object' ? { ...value, additionalProperties: false } : value;
  }) as Schema;
}
