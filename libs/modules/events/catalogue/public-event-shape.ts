import {
  anyOf,
  as,
  constant,
  livemode,
  named,
  nullable,
  object,
  oneOf,
  page,
  record,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { NamedShape, PageOf, Shape } from '@fintech-ledger/shapes';
import type { PublishedType } from './public-event-registry';

/** A public event as the API answers it. */
export interface PublicEventView {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created_at: string;
  readonly ledger: string | null;
  readonly position: string | null;
  readonly data: { readonly object: unknown; readonly previous_attributes?: object };
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly actor: { readonly type: 'api_key' | 'system'; readonly id: string | null };
}

const request = object(
  {
    id: nullable(text('The id of the request; null: no request made it.', 'req_1'), 'value'),
    idempotency_key: nullable(text('The idempotency key of the request.', 'order-1001'), 'value'),
  },
  'The request that brought it about.',
);
const actor = object(
  {
    type: oneOf(
      '`system`: the ledger itself, such as at the end of a hold.',
      ['api_key', 'system'],
      'api_key',
    ),
    id: nullable(text('The id of the API key.', 'key_1'), 'value'),
  },
  'Who brought it about.',
);

/** The shape of one type, with its example. */
function shapeOfType(type: PublishedType): NamedShape<PublicEventView> {
  const { name, description, isOfLedger } = type;
  const shown = isOfLedger ? 'value' : 'null';
  const shape = object({
    id: text('The id of the event, the same for ever.', 'evt_01M8521EFW00000003DNVR7ED6Q4KC'),
    object: constant('event'),
    type: constant(name),
    created_at: time('When it happened, by the clock of its environment.', '2026-01-31T12:00:00.123Z'),
    ledger: nullable(text('The ledger that it is of; null: of none.', 'led_1'), shown),
    position: nullable(
      text(
        'Its place in that ledger, `<ledger>@<revision>`: the order of the events of a ledger.',
        'led_1@42',
      ),
      shown,
    ),
    data: dataOf(type),
    request,
    actor,
    livemode,
  }) as Shape<PublicEventView>;
  const withExample = { ...shape, json: { ...shape.json, examples: [shape.example] } };
  return named(`${pascalCase(name)}Event`, description, withExample);
}

function dataOf({ object: of, example, previous }: PublishedType): Shape<PublicEventView['data']> {
  const members = { object: { ...as(of, 'The object as the event left it.'), example } };
  if (previous === undefined) return object(members, 'What it is of, as the event left it.');
  const before = record(
    text('As it was.', ''),
    'Members of the object that were otherwise before it.',
    previous as Record<string, string>,
  );
  return object({ ...members, previous_attributes: before }, 'What it is of, as the event left it.');
}

/** What any public event is, and a page of them. */
export function publicEventShapes(types: readonly PublishedType[]): {
  readonly event: NamedShape<PublicEventView>;
  readonly page: NamedShape<PageOf<PublicEventView>>;
} {
  const [first, ...others] = types.map(shapeOfType);
  if (first === undefined) throw new Error('there are no public events');
  const description =
    'What happened, as clients are told. More types may come: pass over those that you do not know.';
  const event = named('PublicEvent', description, anyOf([first, ...others]));
  return { event, page: page(event) };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
