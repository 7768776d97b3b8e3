import {
  constant,
  list,
  named,
  nullable,
  object,
  oneOf,
  page,
  seconds,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const haltedStream = object({
  stream: text('The stream that is halted.', 'journal-led_2'),
  revision: whole('The first revision that is not applied.', 17),
  id: text('As which `GET /v1/parked` lists it.', 'prk_5f0c8e2a9b1d4c7e8a6a3f2b10d5e4c7'),
  reason: text('Which event, and why.', 'the event 17 contradicts the read model'),
  advice: text('What to do.', 'Bring back the right event store.'),
  since: time('Since when.'),
  attempts: whole('How often it was tried.', 4),
  retry_at: nullable(time('When it is tried again; null: never.', '2026-01-31T12:01:00.000Z')),
});

export const projectionShape = named(
  'Projection',
  'The state of a read model.',
  object({
    object: constant('projection'),
    name: text('Its name.', 'accounts'),
    version: whole('The version of its rows: with another one it is rebuilt.', 1),
    position: nullable(text('How far it has read, in the terms of its feed.', '1042'), 'value'),
    lag: object(
      {
        events: nullable(
          whole('How many events are not applied, sent to the feed or not; null: nobody can tell.', 0),
          'value',
        ),
        seconds: seconds('The age of the oldest of them; 0 when there is none.', 0),
      },
      'How far it is behind.',
    ),
    no_progress_seconds: seconds(
      'How long it has been behind without getting on; 0 when it gets on, or has all. Being behind alone is no fault.',
      0,
    ),
    state: oneOf('What it does.', ['starting', 'running', 'standby', 'halted'], 'running'),
    last_error: nullable(text('The last error, while there is one.', 'the database is unavailable')),
    halted_streams_count: whole('How many streams are halted while all others go on.', 0),
    halted_streams: list(haltedStream, 'The oldest of them.', []),
  }),
);
export const projectionList = page(projectionShape, 'ProjectionList');
export type ProjectionView = ViewOf<typeof projectionShape>;
