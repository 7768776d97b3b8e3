import { isSameJson } from '@fintech-ledger/contract';
import {
  anyObject,
  constant,
  list,
  named,
  nullable,
  object,
  oneOf,
  page,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { digits, ViewOf } from '@fintech-ledger/shapes';

type Text = ReturnType<typeof text>;

/** What a history says of its own objects. */
interface HistorySays {
  readonly name: string;
  readonly description: string;
  readonly type: Text;
  readonly account: Text;
  readonly amount: ReturnType<typeof digits>;
  readonly currency: Text;
  /** An example. */
  readonly idempotencyKey: string;
  readonly entries: string;
  /** In words, and an example. */
  readonly changes: readonly [string, Readonly<Record<string, unknown>>];
}

/** A page of what happened to an object: each an event of a ledger's journal, with its entries. */
export function historyPageShape(says: HistorySays) {
  const { account, amount, currency } = says;
  const direction = oneOf('The side of the account.', ['debit', 'credit'], 'credit');
  const item = object({
    id: text('The id of the event in the journal.', '0198a7c0-0000-8000-8000-000000000000'),
    object: constant('history_item'),
    type: says.type,
    created_at: time('When it happened, by the clock of the environment.'),
    position: text('Its place, `<ledger>@<revision>`.', 'led_1@42'),
    actor: object(
      {
        type: oneOf('`system`: the installation itself.', ['api_key', 'system'], 'system'),
        id: nullable(text('The id of the API key.', 'key_1')),
      },
      'Who brought it about.',
    ),
    request: object(
      {
        id: nullable(text('The id of the request; null: no request made it.', 'req_1')),
        idempotency_key: nullable(text('The idempotency key of the request.', says.idempotencyKey)),
      },
      'The request that brought it about.',
    ),
    entries: list(object({ account, direction, amount, currency }), says.entries),
    changes: anyObject(...says.changes),
  });
  return page(named(says.name, says.description, item));
}

export type ObjectHistoryPage = ViewOf<ReturnType<typeof historyPageShape>>;
export type HistoryItemView = ObjectHistoryPage['data'][number];

type Members = Readonly<Record<string, unknown>>;

/** The members of an object that differ, as they were before; null: they were not there, or nothing was known. */
export function changesOf(before: object | undefined, after: object): Readonly<Record<string, unknown>> {
  if (before === undefined) return {};
  const [was, is] = [before, after] as [Members, Members];
  // Both, because some members are shown only once they are set.
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changed = names.filter((name) => !isSameJson(was[name] ?? null, is[name] ?? null));
  return Object.fromEntries(changed.map((name) => [name, was[name] ?? null]));
}
