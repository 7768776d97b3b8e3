import {
  constant,
  digits,
  flag,
  list,
  named,
  nullable,
  object,
  oneOf,
  page,
  record,
  text,
  time,
  whole,
  seconds,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { rebuildStates } from './rebuild-rows';
import type { Rebuild } from './rebuild-rows';

const verification = object(
  {
    rows: record(text('A number of rows.', '42'), 'Rows, by table.', { accounts: '42' }),
    sums: record(digits('A sum.', '1000'), 'Sums of the columns of amounts, as `table.column`.', {
      'accounts.posted_debits': '1000',
    }),
    content_hash: text('A hash of all rows, in any order: hex.', 'c0ffee'),
    matches: nullable(flag('Whether the live tables say the same at the same position.', true), 'value'),
    differences: list(text('What differs.', 'rows of accounts differ'), 'What differs.', []),
  },
  'What was counted, summed and hashed. `matches` is null where the live tables are of another version.',
);

export const rebuildShape = named(
  'Rebuild',
  'A read model that is made again of the events, beside the one that queries read.',
  object({
    object: constant('rebuild'),
    id: text('The id.', 'rbd_5f0c8e2a9b1d4c7e6a3f2b10'),
    projection: text('The read model.', 'accounts'),
    ledger: nullable(text('The only ledger of which the rows are made again; null: all.', 'led_1')),
    state: oneOf(
      'Where it is: `ready` waits for a swap; after `swapped` the old tables are kept up to date for a rollback.',
      rebuildStates,
      'filling',
    ),
    auto_swap: flag(
      'Whether it is swapped once it is verified, when the tables match or are of a new version.',
      false,
    ),
    because: text('Who asked for it, or that the version of the read model is another one.', 'key_1'),
    version: whole('The version of the rows that it makes.', 1),
    done: whole('How many events are done.', 120000),
    total: nullable(
      whole(
        'How many there are; null: the event store can not count, or it is of one ledger and not filled yet.',
        500000,
      ),
      'value',
    ),
    events_per_second: nullable(whole('How many are done in a second.', 30000), 'value'),
    eta_seconds: nullable(seconds('How long the filling takes yet.', 12.7), 'value'),
    verification: nullable(verification),
    problem: nullable(text('Why it does not go on alone.', 'The tables differ from the live ones.')),
    created_at: time('When it was asked for.'),
    updated_at: time('When it last got on.'),
    kept_until: nullable(time('Until when the old tables are kept for a rollback.')),
  }),
);
export const rebuildPage = page(rebuildShape);
export type RebuildView = ViewOf<typeof rebuildShape>;

/** What was copied, or is in no table of this read model, was not done one by one: once it is filled all are done. */
function counted({ done, total, state }: Rebuild): Pick<Rebuild, 'done' | 'total'> {
  if (state === 'filling' || state === 'failed' || state === 'cancelled') return { done, total };
  const all = Math.max(done, total ?? 0);
  return { done: all, total: all };
}

export function rebuildView(rebuild: Rebuild): RebuildView {
  const { eventsPerSecond: rate, state } = rebuild;
  const isFilling = state === 'filling';
  const { done, total } = counted(rebuild);
  const left = total === null ? null : Math.max(0, total - done);
  return {
    object: 'rebuild',
    id: rebuild.id,
    projection: rebuild.projection,
    ledger: rebuild.ledger,
    state,
    auto_swap: rebuild.autoSwap,
    because: rebuild.because,
    version: rebuild.version,
    done,
    total,
    events_per_second: rate === null ? null : Math.round(rate),
    eta_seconds: !isFilling || left === null || rate === null || rate <= 0 ? null : Math.round(left / rate),
    verification: rebuild.verification,
    problem: rebuild.problem,
    created_at: rebuild.createdAt.toISOString(),
    updated_at: rebuild.updatedAt.toISOString(),
    kept_until: state === 'swapped' ? (rebuild.keptUntil?.toISOString() ?? null) : null,
  };
}
