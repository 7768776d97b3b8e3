/** What the API answers, as JSON Schema (2020-12) for the OpenAPI document. Times: RFC 3339, UTC; amounts: strings of minor units. */
type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' } as const;
const nullableText = { type: ['string', 'null'] } as const;
const time = { type: 'string', format: 'date-time' } as const;
const nullableTime = { type: ['string', 'null'], format: 'date-time' } as const;
const digits = { type: 'string', pattern: '^-?[0-9]+$' } as const;
const nullableDigits = { type: ['string', 'null'], pattern: '^-?[0-9]+$' } as const;
const whole = { type: 'integer' } as const;
const flag = { type: 'boolean' } as const;
const metadata = { type: 'object', additionalProperties: text } as const;
const position = { type: 'string', description: '`<ledger>@<revision>`', example: 'led_1@42' } as const;
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const constant = (value: unknown): Schema => ({ const: value });
const list = (items: Schema): Schema => ({ type: 'array', items });

/** All properties are there, unless named as optional. */
function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}
function page(item: string): Schema {
  return object({ data: list(ref(item)), has_more: flag, next_cursor: nullableText });
}

const ledger = {
  id: text,
  object: constant('ledger'),
  name: text,
  description: nullableText,
  metadata,
  created_at: time,
};
const unit = { object: constant('unit'), code: text, exponent: whole, name: text, created_at: time };
const apiKey = {
  id: text,
  object: constant('api_key'),
  name: text,
  scopes: list(text),
  last4: text,
  created_at: time,
  revoked_at: nullableTime,
};
const account = {
  object: constant('account'),
  address: text,
  type: { enum: ['asset', 'expense', 'liability', 'equity', 'revenue'] },
  currency: text,
  status: { enum: ['open', 'frozen', 'closed'] },
  min_balance: nullableDigits,
  max_balance: nullableDigits,
  metadata,
  version: whole,
  opened_at: time,
};
const sides = object({ debits: digits, credits: digits });
const balance = {
  currency: text,
  posted: object({ debits: digits, credits: digits, balance: digits }),
  pending: sides,
  available: digits,
  version: { type: ['integer', 'null'] },
};
const entry = { account: text, direction: { enum: ['debit', 'credit'] }, amount: digits, currency: text };
const transaction = {
  id: text,
  object: constant('transaction'),
  status: { enum: ['posted', 'pending', 'voided', 'expired'] },
  is_hold: flag,
  entries: list(object({ ...entry, held: digits, captured: digits, reversed: digits })),
  description: nullableText,
  reference: nullableText,
  effective_at: time,
  recorded_at: time,
  expires_at: nullableTime,
  reverses: nullableText,
  reversed_by: list(text),
  metadata,
};
/** What every command's answer has besides. */
const answered = { position, dry_run: constant(true) };
const balances = { type: 'object', additionalProperties: object(balance) };

export const answerSchemas: Readonly<Record<string, Schema>> = {
  Ledger: object(ledger),
  LedgerAnswer: object({ ...ledger, ...answered }, ['dry_run']),
  LedgerPage: page('Ledger'),
  Unit: object(unit),
  UnitAnswer: object({ ...unit, ...answered }, ['dry_run']),
  UnitPage: page('Unit'),
  ApiKey: object(apiKey),
  ApiKeyAnswer: object(
    { ...apiKey, ...answered, key: { type: 'string', description: 'The key itself. Not kept.' } },
    ['dry_run', 'key'],
  ),
  ApiKeyRevokedAnswer: object({ id: text, object: constant('api_key'), revoked_at: time, ...answered }, [
    'dry_run',
  ]),
  ApiKeyPage: page('ApiKey'),
  Account: object(account),
  AccountAnswer: object({ ...account, ...answered }, ['dry_run']),
  AccountPage: page('Account'),
  Balance: object({ ...balance, position }),
  SubtreeBalance: object({ prefix: text, currency: text, accounts: whole, posted: sides, pending: sides }),
  SubtreeBalancePage: page('SubtreeBalance'),
  TrialBalance: object({
    data: list(object({ account: text, type: text, currency: text, debits: digits, credits: digits })),
    totals: list(object({ currency: text, debits: digits, credits: digits })),
    balanced: flag,
    has_more: flag,
    next_cursor: nullableText,
    position,
  }),
  Transaction: object(transaction),
  TransactionAnswer: object({ ...transaction, balances, ...answered }, ['dry_run']),
  TransactionPage: page('Transaction'),
  BulkAnswer: object({ data: list({ anyOf: [ref('TransactionAnswer'), ref('BulkRefusal')] }), ...answered }, [
    'dry_run',
  ]),
  BulkRefusal: {
    ...object({ object: constant('error'), status: whole, code: text, detail: text, param: text }, ['param']),
    description:
      'Why an item of a bulk that is not atomic was refused. Further members depend on the code, as with `Problem`.',
  },
  Entry: object({
    object: constant('entry'),
    ...entry,
    effect: { enum: ['post', 'hold', 'release', 'capture'] },
    transaction: text,
    event: object({ id: text, type: text, revision: whole }),
    description: nullableText,
    effective_at: time,
    recorded_at: time,
    running: object({ posted: balance.posted, pending: sides, available: digits }),
  }),
  EntryPage: page('Entry'),
  Event: object({
    id: text,
    object: constant('event'),
    type: text,
    stream: text,
    revision: whole,
    hash: nullableText,
    previous_hash: nullableText,
    data: { type: 'object' },
    metadata: { type: 'object' },
  }),
  EventPage: page('Event'),
  ImportAnswer: object(
    {
      object: constant('import'),
      ledger: text,
      transactions: object({ imported: whole, skipped: whole, refused: whole }),
      position: text,
      accounts_opened: whole,
      units_declared: list(text),
      errors: list(object({ code: text, detail: text, line: whole, column: text }, ['line', 'column'])),
      errors_total: whole,
      dry_run: constant(true),
    },
    ['dry_run'],
  ),
  Projection: object({
    object: constant('projection'),
    name: text,
    version: whole,
    position: nullableText,
    lag: object({ events: { type: ['integer', 'null'] }, seconds: { type: 'number' } }),
    state: { enum: ['starting', 'running', 'standby', 'halted'] },
    last_error: nullableText,
    halted_streams_count: whole,
    halted_streams: list(
      object({ stream: text, revision: whole, reason: text, since: time, attempts: whole, retry_at: time }),
    ),
  }),
  ProjectionList: page('Projection'),
  ClockConfirmation: object({ object: constant('clock_confirmation'), id: text, confirmed_at: time }),
  Health: object({
    status: { enum: ['ok', 'degraded', 'unavailable'] },
    checks: { type: 'object', additionalProperties: text },
  }),
  Problem: {
    ...object(
      {
        type: { type: 'string', format: 'uri-reference' },
        title: text,
        status: whole,
        detail: text,
        code: text,
        param: { type: 'string', description: 'A JSON pointer (RFC 6901) to what is to blame.' },
        request_id: text,
        errors: list(
          object({ code: text, detail: text, param: text, line: whole, column: text }, [
            'param',
            'line',
            'column',
          ]),
        ),
      },
      ['param', 'errors'],
    ),
    description: 'RFC 9457. Further members depend on the code, e.g. `missing_scope`.',
  },
};
