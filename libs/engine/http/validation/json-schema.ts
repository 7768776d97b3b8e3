/** The part of JSON Schema (2020-12) that requests are described with. `x-code` and `x-says`: the problem that a violation gets. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly maxProperties?: number;
  readonly description?: string;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly $ref?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly 'x-code'?: string;
  readonly 'x-says'?: string;
  readonly 'x-too-few'?: string;
  readonly 'x-too-many'?: string;
  readonly 'x-scope'?: string;
  /** Notes where a value of a data subject was found. */
  readonly 'x-subject-value'?: boolean;
}
