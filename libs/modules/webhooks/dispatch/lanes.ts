import type { Ordering } from '@fintech-ledger/webhooks/domain';

/** Messages of an endpoint that wait for one another alone: those of what happens, and those of a replay. */
export interface Lane {
  readonly isReplayed: boolean;
  /**
   * By ordering, the statement that finds so many ($3) messages of an endpoint ($1) that may be sent now ($2). Under
   * `strict` they may be sent one after the other, in its order, as long as each succeeds.
   */
  readonly free: Readonly<Record<Ordering, string>>;
  /** The same of those that somebody asked for, which no other may be before. */
  readonly asked: Readonly<Record<Ordering, string>>;
}

// As a value, and no join: a join that was planned while there were few claims compares each message with each claim.
const mayBeSent = `m.next_at_ms <= $2
  and coalesce((select c.claimed_until_ms from hooks.claims c where c.message_id = m.id), 0) <= $2`;
const isDue = `m.endpoint_id = $1 and m.status = 'pending' and ${mayBeSent}`;
const live = `select m.id from hooks.messages m where ${isDue} and m.replay_id is null`;
const running = `(select r.id from hooks.replays r where r.endpoint_id = $1 and r.state = 'running')`;
const replayed = `select m.id from hooks.messages m where ${isDue} and m.replay_id = ${running}`;

/** The first ones of a queue up to the first that may not be sent: one under way holds up all behind it. */
const upToTheFirstThatWaits = (of: string, number: string): string =>
  `select q.id from (
     select n.id, n.number, bool_and(n.may_be_sent) over (order by n.number) as may_be_sent
       from (select m.id, m.${number} as number, (${mayBeSent}) as may_be_sent from hooks.messages m
              where ${of} and m.status = 'pending' order by m.${number} limit $3) n) q
    where q.may_be_sent order by q.number`;

const isAsked = 'm.id in (select a.message_id from hooks.asked a where a.endpoint_id = $1)';

const numbered = 'm.endpoint_id = $1 and m.replay_id is null and m.sequence is not null';

const before = (more: string): string => `(m.sequence is null or not exists (
  select from hooks.messages p
   where p.endpoint_id = $1 and p.status = 'pending' and p.replay_id is null and p.sequence < m.sequence${more}))`;
const replayedBefore = (more: string): string => `not exists (
  select from hooks.messages p
   where p.replay_id = m.replay_id and p.status = 'pending' and p.replay_number < m.replay_number${more})`;
const ofTheSameObject = ' and p.object = m.object';
const [isFirst, isFirstOfItsObject] = [before(''), before(ofTheSameObject)];
const [isFirstReplayed, isFirstReplayedOfItsObject] = [replayedBefore(''), replayedBefore(ofTheSameObject)];

/** What happens, in the order of numbers; tests are in no order. */
export const liveLane: Lane = {
  isReplayed: false,
  free: {
    none: `${live} order by m.next_at_ms, m.sequence limit $3`,
    strict: `(${live} and m.sequence is null limit $3)
             union all
             (${upToTheFirstThatWaits(numbered, 'sequence')})
             limit $3`,
    per_object: `${live} and ${isFirstOfItsObject} order by m.next_at_ms, m.sequence limit $3`,
  },
  asked: {
    none: `${live} and ${isAsked} order by m.sequence limit $3`,
    strict: `${live} and ${isAsked} and ${isFirst} order by m.sequence limit $3`,
    per_object: `${live} and ${isAsked} and ${isFirstOfItsObject} order by m.sequence limit $3`,
  },
};

/** What a replay sends, in the order in which it was put there. */
export const replayLane: Lane = {
  isReplayed: true,
  free: {
    none: `${replayed} order by m.replay_number limit $3`,
    strict: upToTheFirstThatWaits(`m.replay_id = ${running}`, 'replay_number'),
    per_object: `${replayed} and ${isFirstReplayedOfItsObject} order by m.replay_number limit $3`,
  },
  asked: {
    none: `${replayed} and ${isAsked} order by m.replay_number limit $3`,
    strict: `${replayed} and ${isAsked} and ${isFirstReplayed} order by m.replay_number limit $3`,
    per_object: `${replayed} and ${isAsked} and ${isFirstReplayedOfItsObject} order by m.replay_number limit $3`,
  },
};
