import { typesPattern } from '@fintech-ledger/events';
import {
  Described,
  descriptionRule,
  flagRule,
  Is,
  ListOfValues,
  Nullable,
  oneOfRule,
  Optional,
  textRule,
  wholeRule,
} from '@fintech-ledger/http';
import type { Rule } from '@fintech-ledger/http';
import {
  endpointEventTypesMax,
  endpointHeaderLengthMax,
  endpointHeadersMax,
  orderings,
  secretOverlapSeconds,
  secretOverlapSecondsMax,
} from '@fintech-ledger/webhooks/domain';

const urlTextMax = 10_000;
const urlRule: Rule = {
  name: 'webhook_url',
  code: 'invalid_value',
  says: 'a URL',
  accepts: (value) => typeof value === 'string' && [...value].length <= urlTextMax,
  schema: { type: 'string', maxLength: urlTextMax },
};
export const typeRule = textRule(
  'event_filter',
  'invalid_value',
  "a type of events, such as 'transaction.posted', or the beginning of several, such as 'hold.*' or '*'",
  new RegExp(`^${typesPattern}$`),
);
const headersRule: Rule = {
  name: 'webhook_headers',
  code: 'invalid_value',
  says: `an object of at most ${endpointHeadersMax} texts of at most ${endpointHeaderLengthMax} characters`,
  accepts(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const values = Object.values(value) as readonly unknown[];
    const isShort = (text: unknown): boolean =>
      typeof text === 'string' && [...text].length <= endpointHeaderLengthMax;
    return values.length <= endpointHeadersMax && values.every(isShort);
  },
  schema: {
    type: 'object',
    additionalProperties: {
      type: 'string',
      maxLength: endpointHeaderLengthMax,
      'x-code': 'invalid_value',
      'x-says': `a text of at most ${endpointHeaderLengthMax} characters`,
    },
    maxProperties: endpointHeadersMax,
  },
};
const orderingRule = oneOfRule('ordering', orderings);
const typesBounds = { min: 1, max: endpointEventTypesMax };
const says = {
  url: 'Where messages are sent: https, or http where it is a sandbox.',
  types: 'Which events it gets: types, or beginnings of types and `*`.',
  ordering: 'In which order messages are sent; `none` when it is left out.',
  headers: 'Headers to send along. Their values are kept encrypted, and not shown.',
  description: 'What it is for.',
};

@Described('A new webhook endpoint.')
export class CreateWebhookEndpointDto {
  @Is(urlRule, says.url)
  declare readonly url: string;

  @ListOfValues(typeRule, typesBounds, says.types)
  declare readonly event_types: readonly string[];

  @Is(orderingRule, says.ordering)
  @Optional()
  declare readonly ordering?: (typeof orderings)[number];

  @Is(headersRule, says.headers)
  @Optional()
  declare readonly headers?: Readonly<Record<string, string>>;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;
}

@Described('What is to be changed of a webhook endpoint; what is left out stays.')
export class ChangeWebhookEndpointDto {
  @Is(urlRule, says.url)
  @Optional()
  declare readonly url?: string;

  @ListOfValues(typeRule, typesBounds, says.types)
  @Optional()
  declare readonly event_types?: readonly string[];

  @Is(orderingRule, 'In which order messages are sent.')
  @Optional()
  declare readonly ordering?: (typeof orderings)[number];

  @Is(headersRule, 'All headers to send along, in place of those of before.')
  @Optional()
  declare readonly headers?: Readonly<Record<string, string>>;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;
}

@Described('A rotation of the secret.')
export class RotateWebhookSecretDto {
  @Is(
    wholeRule('overlap_seconds', 0, secretOverlapSecondsMax),
    `For how long the old secret signs too; ${secretOverlapSeconds} when it is left out. 0: all older ones end.`,
  )
  @Optional()
  declare readonly overlap_seconds?: number;
}

@Described('How an endpoint is enabled.')
export class EnableWebhookEndpointDto {
  @Is(flagRule, 'Whether what was not sent yet is skipped.')
  @Optional()
  declare readonly skip_backlog?: boolean;
}

@Described('A test message.')
export class TestWebhookEndpointDto {
  @Is(typeRule, 'The type whose example is sent.')
  declare readonly type: string;
}
