-- The read side: rows folded from events by the projector. Everything here can be dropped and built again.
--
-- Keys. A ledger and an account are addressed by 128 bits of a SHA-256: the projector needs no lookup to know a key, index entries stay
-- narrow however long an address is, and an account's key contains its ledger, so no query can reach into a foreign one.
-- Times are milliseconds since 1970 (UTC): what the events carry, exactly, and half as dear to load as timestamps.
-- Amounts are numeric: 36 digits and their sums.
-- docs/decisions/0003-read-models.md has the measurements behind the indexes.

create schema read;

create function read.ledger_key(ledger_id text) returns uuid
  language sql immutable strict parallel safe
  return encode(substring(sha256(convert_to(ledger_id, 'UTF8')) from 1 for 16), 'hex')::uuid;

create function read.account_key(ledger_id text, address text) returns uuid
  language sql immutable strict parallel safe
  return encode(substring(sha256(convert_to(ledger_id || '/' || address, 'UTF8')) from 1 for 16), 'hex')::uuid;

-- ---------------------------------------------------------------------------------------------------------- the projector's own state

create table read.projections (
  name          text primary key,
  version       integer not null,
  -- The feed's token: everything up to it is in the rows. Never ahead of them; behind is harmless (duplicates are skipped).
  feed_token    text,
  recorded_ms   bigint,
  state         text not null default 'starting' check (state in ('starting', 'running', 'halted')),
  last_error    text,
  updated_at    timestamptz not null default now()
) with (fillfactor = 50);

-- Compare-and-set in the transaction that writes the rows: `previous` is what the writer of the row believed `revision` to be.
create table read.checkpoints (
  projection  text not null,
  stream      text collate "C" not null,
  revision    bigint not null,
  previous    bigint not null,
  primary key (stream, projection)
) with (fillfactor = 50);

-- --------------------------------------------------------------------------------------------------------------------------- accounts

-- One row answers an account and its balance. Only balances change often, and no index covers them: updates stay heap-only.
create table read.accounts (
  account_key      uuid primary key,
  ledger_key       uuid not null,
  opened_revision  bigint not null,
  opened_ms        bigint not null,
  version          bigint not null,
  address          text collate "C" not null,
  type             text not null,
  currency         text collate "C" not null,
  status           text not null,
  posted_debits    numeric not null default 0,
  posted_credits   numeric not null default 0,
  pending_debits   numeric not null default 0,
  pending_credits  numeric not null default 0,
  min_balance      numeric,
  max_balance      numeric,
  metadata         jsonb not null default '{}'
) with (fillfactor = 70);

-- Prefixes and exact addresses (byte order, so that a prefix is a range).
create unique index accounts_by_address on read.accounts (ledger_key, address);
-- Newest first.
create unique index accounts_by_age on read.accounts (ledger_key, opened_revision);
create index accounts_by_metadata on read.accounts using gin (metadata jsonb_path_ops) where metadata <> '{}';

-- ----------------------------------------------------------------------------------------------------------------------- transactions

-- One row answers a transaction: `lines` and `reversed_by` are JSON texts, read and written whole.
-- `revision` is that of the event which made it. Status: P posted, H pending (held), V voided, E expired.
create table read.transactions (
  ledger_key    uuid not null,
  revision      bigint not null,
  effective_ms  bigint not null,
  recorded_ms   bigint not null,
  expires_ms    bigint,
  status        "char" not null,
  is_hold       boolean not null,
  id            text collate "C" not null,
  reference     text collate "C",
  reverses      text collate "C",
  description   text,
  reversed_by   text not null default '[]',
  lines         text not null,
  metadata      jsonb not null default '{}'
);

create unique index transactions_by_id on read.transactions (ledger_key, id);
-- Lists are merged from one range per status, so that a filter on a rare status costs no more than none.
create unique index transactions_by_age on read.transactions (ledger_key, status, revision);
create index transactions_by_effect on read.transactions (ledger_key, status, effective_ms, revision);
create index transactions_by_reference on read.transactions (ledger_key, reference) where reference is not null;
create index transactions_by_metadata on read.transactions using gin (metadata jsonb_path_ops) where metadata <> '{}';

-- ---------------------------------------------------------------------------------------------------------------------------- entries

-- Append-only. `sequence` = revision * 4096 + the entry's place in its event. The totals are the account's after this entry.
-- Effect: P post, H hold, R release, C capture. Direction: D debit, C credit.
-- `is_first`: the account's first entry in the event that made the transaction (one per account and transaction).
-- `is_dated`: the client gave an effective time that is not the recorded one.
create table read.entries (
  account_key      uuid not null,
  event_id         uuid not null,
  sequence         bigint not null,
  recorded_ms      bigint not null,
  effective_ms     bigint not null,
  effect           "char" not null,
  direction        "char" not null,
  is_first         boolean not null,
  is_dated         boolean not null,
  event_type       text not null,
  transaction_id   text collate "C" not null,
  amount           numeric not null,
  posted_debits    numeric not null,
  posted_credits   numeric not null,
  pending_debits   numeric not null,
  pending_credits  numeric not null
);

-- Every entry lies in one of the first two. What has no time of its own is in effective order when it is in recorded order, so that only
-- dated entries pay for the second axis.
create unique index entries_undated on read.entries (account_key, sequence) where not is_dated;
create unique index entries_dated on read.entries (account_key, sequence) where is_dated;
create unique index entries_dated_by_effect on read.entries (account_key, effective_ms, sequence) where is_dated;

-- Sums of dated entries per account and day (days since 1970), on the axis E (effective) and R (recorded).
create table read.dated_days (
  account_key      uuid not null,
  axis             "char" not null,
  day              integer not null,
  posted_debits    numeric not null,
  posted_credits   numeric not null,
  pending_debits   numeric not null,
  pending_credits  numeric not null,
  primary key (account_key, axis, day)
) with (fillfactor = 80);

-- From a recorded time to a revision: the last one recorded in that millisecond. Recorded times never go back within a ledger.
create table read.moments (
  ledger_key   uuid not null,
  recorded_ms  bigint not null,
  revision     bigint not null,
  primary key (ledger_key, recorded_ms)
);

-- The last revision recorded at or before a time; -1: none.
create function read.revision_at(ledger uuid, moment_ms bigint) returns bigint
  language sql stable strict parallel safe
  return coalesce((select m.revision from read.moments m
                    where m.ledger_key = ledger and m.recorded_ms <= moment_ms
                    order by m.recorded_ms desc limit 1), -1);

-- -------------------------------------------------------------------------------------------------------------------------- directory

create table read.organizations (
  id          text collate "C" primary key,
  name        text not null,
  created_ms  bigint not null
);

create table read.ledgers (
  id               text collate "C" primary key,
  organization_id  text collate "C" not null,
  revision         bigint not null,
  name             text not null,
  description      text,
  metadata         jsonb not null default '{}',
  created_ms       bigint not null
);
create unique index ledgers_by_age on read.ledgers (organization_id, revision);

create table read.units (
  organization_id  text collate "C" not null,
  code             text collate "C" not null,
  revision         bigint not null,
  exponent         integer not null,
  name             text not null,
  is_used          boolean not null default false,
  created_ms       bigint not null,
  primary key (organization_id, code)
);
create unique index units_by_age on read.units (organization_id, revision);

create table read.api_keys (
  id               text collate "C" primary key,
  organization_id  text collate "C" not null,
  revision         bigint not null,
  name             text not null,
  scopes           jsonb not null,
  last4            text not null,
  hmac             text not null,
  created_ms       bigint not null,
  revoked_ms       bigint
);
create unique index api_keys_by_age on read.api_keys (organization_id, revision);

-- -------------------------------------------------------------------------------------------------- balances as of a point in time
-- Totals are what auditors ask for; these functions are the whole of the arithmetic, and can be called by hand.

-- The first sequence after a revision.
create function read.sequence_after(revision bigint) returns bigint
  language sql immutable strict parallel safe
  return (revision + 1) * 4096;

-- Recorded axis: the totals after the account's last entry up to a revision. No row: it had none.
create function read.recorded_totals(account uuid, through_revision bigint)
  returns table (posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  select e.posted_debits, e.posted_credits, e.pending_debits, e.pending_credits
    from ((select d.sequence, d.posted_debits, d.posted_credits, d.pending_debits, d.pending_credits
             from read.entries d
            where d.account_key = account and d.is_dated and d.sequence < read.sequence_after(through_revision)
            order by d.sequence desc limit 1)
          union all
          (select u.sequence, u.posted_debits, u.posted_credits, u.pending_debits, u.pending_credits
             from read.entries u
            where u.account_key = account and not u.is_dated and u.sequence < read.sequence_after(through_revision)
            order by u.sequence desc limit 1)) e
   order by e.sequence desc limit 1;
end;

-- What dated entries later than a moment add, on the axis E or R: whole days from their sums, and the rest of the moment's day (or, before
-- noon, the day less its beginning) from its entries.
create function read.dated_after(account uuid, ledger uuid, on_axis "char", moment_ms bigint)
  returns table (posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  with day as (
    select d.number, d.is_early,
           case when d.is_early then -1 else 1 end as sign,
           case when d.is_early then d.number * 86400000 - 1 else moment_ms end as after_ms,
           case when d.is_early then moment_ms else (d.number + 1) * 86400000 - 1 end as through_ms
      from (select floor(moment_ms / 86400000.0)::bigint as number,
                   moment_ms - floor(moment_ms / 86400000.0)::bigint * 86400000 < 43200000 as is_early) d
  ), part as (
    select w.posted_debits as a, w.posted_credits as b, w.pending_debits as c, w.pending_credits as d
      from day join read.dated_days w
        on w.account_key = account and w.axis = on_axis and w.day >= day.number + case when day.is_early then 0 else 1 end
    union all
    select day.sign * (case when e.direction = 'D' and e.effect in ('P', 'C') then e.amount else 0 end),
           day.sign * (case when e.direction = 'C' and e.effect in ('P', 'C') then e.amount else 0 end),
           day.sign * (case when e.direction = 'D' and e.effect <> 'P' then case e.effect when 'H' then e.amount else -e.amount end else 0 end),
           day.sign * (case when e.direction = 'C' and e.effect <> 'P' then case e.effect when 'H' then e.amount else -e.amount end else 0 end)
      from day cross join lateral (
        select x.direction, x.effect, x.amount from read.entries x
         where on_axis = 'E' and x.account_key = account and x.is_dated
           and x.effective_ms > day.after_ms and x.effective_ms <= day.through_ms
        union all
        select y.direction, y.effect, y.amount from read.entries y
         where on_axis = 'R' and y.account_key = account and y.is_dated
           and y.sequence >= read.sequence_after(read.revision_at(ledger, day.after_ms))
           and y.sequence < read.sequence_after(read.revision_at(ledger, day.through_ms))) e
  )
  select coalesce(sum(a), 0), coalesce(sum(b), 0), coalesce(sum(c), 0), coalesce(sum(d), 0) from part;
end;

-- Effective axis: all entries whose effective time is at or before the moment. What was recorded by then, plus what was recorded later but
-- counts (undated entries count when they are recorded), less what was recorded by then but counts later.
create function read.effective_totals(account uuid, ledger uuid, moment_ms bigint)
  returns table (posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  select coalesce(r.posted_debits, 0) + later.posted_debits - future.posted_debits,
         coalesce(r.posted_credits, 0) + later.posted_credits - future.posted_credits,
         coalesce(r.pending_debits, 0) + later.pending_debits - future.pending_debits,
         coalesce(r.pending_credits, 0) + later.pending_credits - future.pending_credits
    from read.dated_after(account, ledger, 'R', moment_ms) later
   cross join read.dated_after(account, ledger, 'E', moment_ms) future
    left join read.recorded_totals(account, read.revision_at(ledger, moment_ms)) r on true;
end;
