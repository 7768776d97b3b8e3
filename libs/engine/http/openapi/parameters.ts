import { takesKey } from '../requests/endpoint-options';
import type { EndpointOptions } from '../requests/endpoint-options';
import { idempotencyKeyLengthMax } from '../limits';
import type { JsonSchema } from '../validation/json-schema';
import { parametersOf } from '../requests/compiled-endpoint';

export function pathParameters(options: EndpointOptions): readonly object[] {
  return parametersOf(options).map(({ name, description, pattern, lengthMax: maxLength, example }) => {
    const schema = { type: 'string', pattern: pattern.source, maxLength, example };
    return { name, in: 'path', required: true, description, schema };
  });
}

export function queryParameters({ properties = {}, required = [] }: JsonSchema): readonly object[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(required.includes(name) ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    ...(name === 'metadata' ? { style: 'deepObject', explode: true } : {}),
    schema,
  }));
}

export function headerParameters(options: EndpointOptions): readonly object[] {
  return [...(options.mayActAsAccount === true ? [connectedAccount] : []), ...ofKind(options)];
}

const connectedAccount = {
  name: 'Connected-Account',
  in: 'header',
  description: 'The connected account that the request acts as; without it the platform.',
  schema: { type: 'string', pattern: '^acct_[A-Za-z0-9]{1,64}$' },
};

function ofKind(options: EndpointOptions): readonly object[] {
  const { kind, path } = options;
  if (takesKey(options)) {
    return [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'The same key and request get the first answer again, byte for byte, for ever.',
        schema: {
          type: 'string',
          pattern: '^[\\x20-\\x7e]+$',
          minLength: 1,
          maxLength: idempotencyKeyLengthMax,
        },
      },
    ];
  }
  if (kind !== 'read') return [];
  const position = {
    name: 'Ledger-Min-Position',
    in: 'header',
    description:
      'A position that was answered before, as it is. The query waits up to 5 s until it can be read, then 503 ' +
      '`read_model_behind`. One of what the query does not read is passed over.',
    schema: { type: 'string', pattern: '^[a-z]{2,8}_[A-Za-z0-9_-]{1,64}@(-1|0|[1-9][0-9]{0,14})$' },
  };
  const consistency = {
    name: 'Ledger-Consistency',
    in: 'header',
    description:
      'A query sees at least all that its API process had acknowledged for this ledger (outside a ledger: for the organization) when it came: it waits up to 1 s, then 503 `read_model_behind`. `eventual`: it takes what the read models have.',
    schema: { type: 'string', enum: ['eventual'] },
  };
  const lastEventId = {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'The revision of the last event that was seen.',
    schema: { type: 'string', pattern: '^(0|[1-9][0-9]{0,14})$' },
  };
  return path.endsWith('/stream') ? [position, consistency, lastEventId] : [position, consistency];
}
