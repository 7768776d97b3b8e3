import {
  constant,
  dryRun,
  list,
  livemodeOfKey,
  named,
  nullable,
  object,
  oneOf,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

export const replayStates = ['running', 'done', 'canceled'] as const;
const state = named(
  'WebhookReplayState',
  'How far a replay is.',
  oneOf('How far it is.', replayStates, 'running'),
);

export const replayShape = named(
  'WebhookReplay',
  'Earlier events that are sent to a webhook endpoint.',
  object({
    id: nullable(text('The id of the replay; null: it was a dry run.', 'rpl_1'), 'value'),
    object: constant('webhook_replay'),
    webhook_endpoint: text('The endpoint that they are sent to.', 'we_1'),
    state: nullable(state, 'value', 'How far it is; null: it was a dry run.'),
    from: nullable(time('Events that were recorded from this time on; null: from the first one.')),
    to: time('Events that were recorded before this time.'),
    from_position: nullable(text('Events of this ledger alone, from this one on.', 'led_1@42')),
    event_types: list(text('A type, or the beginning of types and `*`.', 'hold.*'), 'Which events.'),
    total: whole('How many events there are.', 3),
    sent: whole('How many of their messages were delivered.', 1),
    failed: whole('How many failed for the last time, or could not be made.', 0),
    already_pending: whole('How many had a message that was waiting anyway, and is sent as ever.', 0),
    created_at: time('When it was asked for.'),
    ended_at: nullable(time('When it was done or canceled; null: it is running.')),
    livemode: livemodeOfKey,
    dry_run: dryRun,
  }),
);
export type ReplayView = Omit<ViewOf<typeof replayShape>, 'livemode'>;
export type ReplayState = (typeof replayStates)[number];
