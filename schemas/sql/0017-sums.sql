-- What makes a balance as of a moment, and a trial balance, a few look-ups however much was booked on its day: kept by the projection
-- `sums`, which has no part in answers that it has not reached. docs/decisions/0048-sums-by-time.md
--
-- A key is that of an account, or of a currency of a ledger (`read.account_key` of `#` and the currency: no address begins so).

-- What all dated entries of a key, up to a revision, come to.
create table read.dated_totals (
  key              uuid not null,
  revision         bigint not null,
  posted_debits    numeric not null,
  posted_credits   numeric not null,
  pending_debits   numeric not null,
  pending_credits  numeric not null,
  primary key (key, revision)
);

-- Dated entries of a key summed by when they count, in three widths: level 0 is a millisecond, 1 is 2^12 of them, 2 is 2^24 (some 5 hours).
create table read.dated_sums (
  key              uuid not null,
  level            smallint not null,
  bucket           bigint not null,
  posted_debits    numeric not null,
  posted_credits   numeric not null,
  pending_debits   numeric not null,
  pending_credits  numeric not null,
  primary key (key, level, bucket)
) with (fillfactor = 80);

-- What all entries in a currency come to, up to a revision; from the opening of its first account on.
create table read.currency_totals (
  ledger_key       uuid not null,
  currency         text collate "C" not null,
  revision         bigint not null,
  posted_debits    numeric not null,
  posted_credits   numeric not null,
  pending_debits   numeric not null,
  pending_credits  numeric not null,
  primary key (ledger_key, currency, revision)
);

-- The dated entries of a key that count at or before a moment: whole buckets of each width, from the widest to the narrowest.
create function read.dated_through(of_key uuid, moment_ms bigint)
  returns table (posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  select coalesce(sum(s.posted_debits), 0), coalesce(sum(s.posted_credits), 0),
         coalesce(sum(s.pending_debits), 0), coalesce(sum(s.pending_credits), 0)
    from (select w.posted_debits, w.posted_credits, w.pending_debits, w.pending_credits
            from read.dated_sums w
           where w.key = of_key and w.level = 2 and w.bucket < (moment_ms >> 24)
          union all
          select m.posted_debits, m.posted_credits, m.pending_debits, m.pending_credits
            from read.dated_sums m
           where m.key = of_key and m.level = 1 and m.bucket >= ((moment_ms >> 24) << 12) and m.bucket < (moment_ms >> 12)
          union all
          select n.posted_debits, n.posted_credits, n.pending_debits, n.pending_credits
            from read.dated_sums n
           where n.key = of_key and n.level = 0 and n.bucket >= ((moment_ms >> 12) << 12) and n.bucket <= moment_ms) s;
end;

-- What dated entries change of totals as they were recorded by a moment, so that they are those of the effective axis: those that count
-- by then, less those that were recorded by then.
create function read.dated_change(of_key uuid, through_revision bigint, moment_ms bigint)
  returns table (posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  select c.posted_debits - coalesce(r.posted_debits, 0), c.posted_credits - coalesce(r.posted_credits, 0),
         c.pending_debits - coalesce(r.pending_debits, 0), c.pending_credits - coalesce(r.pending_credits, 0)
    from read.dated_through(of_key, moment_ms) c
    left join lateral (select t.posted_debits, t.posted_credits, t.pending_debits, t.pending_credits
                         from read.dated_totals t
                        where t.key = of_key and t.revision <= through_revision
                        order by t.revision desc limit 1) r on true;
end;

-- As `read.effective_totals`, from the sums.
create function read.summed_totals(account uuid, ledger uuid, moment_ms bigint)
  returns table (posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  select coalesce(r.posted_debits, 0) + d.posted_debits, coalesce(r.posted_credits, 0) + d.posted_credits,
         coalesce(r.pending_debits, 0) + d.pending_debits, coalesce(r.pending_credits, 0) + d.pending_credits
    from read.dated_change(account, read.revision_at(ledger, moment_ms), moment_ms) d
    left join read.recorded_totals(account, read.revision_at(ledger, moment_ms)) r on true;
end;

-- The currencies that a ledger's accounts had at a revision, each with what all entries in it came to then.
create function read.currencies_at(ledger uuid, through_revision bigint)
  returns table (currency text, posted_debits numeric, posted_credits numeric, pending_debits numeric, pending_credits numeric)
  language sql stable parallel safe
begin atomic
  with recursive known as (
    (select c.currency from read.currency_totals c where c.ledger_key = ledger order by c.currency limit 1)
    union all
    select (select c.currency from read.currency_totals c
             where c.ledger_key = ledger and c.currency > k.currency order by c.currency limit 1)
      from known k where k.currency is not null
  )
  select k.currency, t.posted_debits, t.posted_credits, t.pending_debits, t.pending_credits
    from known k
   cross join lateral (select c.posted_debits, c.posted_credits, c.pending_debits, c.pending_credits
                         from read.currency_totals c
                        where c.ledger_key = ledger and c.currency = k.currency and c.revision <= through_revision
                        order by c.revision desc limit 1) t
   where k.currency is not null;
end;
