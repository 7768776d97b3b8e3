import { readFileSync } from 'node:fs';
import path from 'node:path';

interface JsonSchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly const?: unknown;
}
interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
const file = path.join(__dirname, '..', 'schemas', 'openapi.json');
const document = JSON.parse(readFileSync(file, 'utf8')) as Document;

/** Objects that do not say it, and why. */
const withoutLivemode: Readonly<Record<string, string>> = {
  ...because('api.md says them, and its ledgers are of no mode', [
    'account',
    'entry',
    'import',
    'ledger',
    'statement',
    'transaction',
    'unit',
  ]),
  ...because('it is of the installation, whose operator alone sees it', [
    'clock_confirmation',
    'parked_event',
    'parked_webhook_event',
    'projection',
    'rebuild',
  ]),
  ...because('the contract says all that it has', ['audit_log_line', 'clock', 'event', 'history_item']),
  ...because('it is a part of an object that says it', ['fx_position']),
  ...because('it is a list whose items say it', ['bank_accounts', 'bank_statement_import']),
  ...because('it is what a computation gave, and nothing is kept', ['split_explanation', 'split_preview']),
  ...because('a test helper answers it, which sandboxes alone have', [
    'payer_action',
    'reported_fee',
    'simulator',
  ]),
  error: 'it is a refusal among the results of a bulk',
  replay_step: 'it is a line of what an audit saw happen in a ledger',
};
/** Shapes of objects that say it elsewhere, and why. */
const shapesWithoutLivemode: Readonly<Record<string, string>> = {
  ApiKeyAnswer: 'repeated, it has the bytes that a release without environments answered',
  ApiKeyRevokedAnswer: 'repeated, it has the bytes that a release without environments answered',
  BankAccount: 'within a connected account, which says it',
  DeletedCustomer: 'the contract says all that a customer has who was deleted',
  DeletedCustomerAnswer: 'the contract says all that a customer has who was deleted',
};

function because(reason: string, kinds: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(kinds.map((kind) => [kind, reason]));
}

interface Found {
  readonly kind: string;
  readonly shape: string;
  readonly says: boolean;
}

/** All objects of answers, by the name of their shape, however deep. What an event tells of is as it was recorded. */
function objectsOfAnswers(): readonly Found[] {
  const found = new Map<JsonSchema, Found>();
  const seen = new Set<JsonSchema>();
  const walk = (schema: JsonSchema | undefined, shape: string): void => {
    if (schema === undefined || seen.has(schema)) return;
    seen.add(schema);
    const name = schema.$ref?.split('/').at(-1);
    if (name !== undefined) walk(document.components.schemas[name], name);
    const { properties = {} } = schema;
    const kind = properties['object']?.const;
    if (typeof kind === 'string')
      found.set(schema, { kind, shape, says: properties['livemode'] !== undefined });
    if (kind === 'event') return;
    const { items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
    const more = typeof additionalProperties === 'object' ? [additionalProperties] : [];
    for (const each of [...Object.values(properties), ...more, ...anyOf, ...oneOf, ...allOf])
      walk(each, shape);
    walk(items, shape);
  };
  for (const [route, operations] of Object.entries(document.paths))
    for (const [method, { responses }] of Object.entries(operations))
      for (const [status, { content = {} }] of Object.entries(responses))
        if (status.startsWith('2')) walk(content['application/json']?.schema, `${method} ${route} ${status}`);
  return [...found.values()];
}

describe('objects of answers', () => {
  const objects = objectsOfAnswers();
  const silent = objects.filter(({ says }) => !says);

  it('say whether they are live, but for those of which it is said here why not', () => {
    expect(objects.length).toBeGreaterThan(80);
    const forgotten = silent.filter(
      ({ kind, shape }) => withoutLivemode[kind] === undefined && shapesWithoutLivemode[shape] === undefined,
    );
    expect(forgotten).toEqual([]);
  });

  it('are no exception any more where they say it', () => {
    const kinds = new Set(silent.map(({ kind }) => kind));
    const shapes = new Set(silent.map(({ shape }) => shape));
    expect(Object.keys(withoutLivemode).filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(Object.keys(shapesWithoutLivemode).filter((shape) => !shapes.has(shape))).toEqual([]);
  });
});
