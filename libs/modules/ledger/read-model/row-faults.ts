import type { StatementParameters } from '@fintech-ledger/projection-runtime';
import { accountTypes } from '@fintech-ledger/ledger/domain';
import { totalsColumns } from '../balances/balance-view';
import { effectLetters } from '../history/read-model/effect-letters';
import type { LedgerScope } from './keys';

/** SQL of what must not be so, and of what it is about when that is not the row's usual name. */
type Check = readonly [condition: string, reason: string, subject?: string];

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');
const noColumns = (alias: string): string => totalsColumns.map((name) => `${alias}.${name}`).join(', ');

/** SQL: the body of `read.account_key`. */
export const keyOf = (text: string): string =>
  `encode(substring(sha256(convert_to(${text}, 'UTF8')) from 1 for 16), 'hex')::uuid`;

/** SQL: what an entry adds to a column of its account's totals. */
function added(column: string, entry: string): string {
  const letter = column.endsWith('debits') ? 'D' : 'C';
  const amount = column.startsWith('posted')
    ? `case when ${entry}.effect in ('P', 'C') then ${entry}.amount else 0 end`
    : `case ${entry}.effect when 'H' then ${entry}.amount when 'P' then 0 else -${entry}.amount end`;
  return `case when ${entry}.direction = '${letter}' then ${amount} else 0 end`;
}

const subjects = {
  account: (address: string) => `'account ' || ${address}`,
  entry: (address: string, entry: string) =>
    `'entry @' || ${entry}.sequence / 4096 || ' of account ' || ${address}`,
  dates: (address: string) => `'dated entries of account ' || ${address}`,
};

/**
 * SQL of what no events could have made of rows: null where they hold, else the subject and the reason, a line each.
 * A query selects it as the column `fault`, and `readSound` refuses the rows that have one. Entries are only held
 * against accounts that they have caught up with.
 */
export class RowFaults {
  private streamPlace: string | undefined;
  private ledgerPlace: string | undefined;

  constructor(
    private readonly scope: LedgerScope,
    private readonly p: StatementParameters,
  ) {}

  /** `read.accounts a`: its totals are those of its last entry, its key and its opening what other rows say. */
  account(): string {
    const id = `${this.p.$(this.scope.ledgerId)}::text`;
    const last = `read.recorded_totals(a.account_key, ${this.head('accounts')})`;
    const differs = totalsColumns.map((column) => `a.${column} <> coalesce(x.${column}, 0)`).join(' or ');
    return first(subjects.account('a.address'), [
      [
        `a.account_key <> ${keyOf(`${id} || '/' || a.address`)} or a.ledger_key <> ${this.ledger}`,
        'its address is another one',
        `'account with the key ' || replace(a.account_key::text, '-', '')`,
      ],
      [
        `a.type not in (${quoted(accountTypes)}) or a.status not in ('open', 'frozen', 'closed')`,
        'its type or status is none',
      ],
      [`a.version < 1`, 'its version is less than that of an account just opened'],
      [
        `${this.head('entries')} >= a.opened_revision and not ${this.isMoment('a.opened_ms', 'a.opened_revision')}`,
        'it was not opened at this time and revision',
      ],
      [
        `${this.head('entries')} >= ${this.head('accounts')}
          and exists (select from (select) one left join ${last} x on true where ${differs})`,
        'its totals are not those of its last entry',
      ],
    ]);
  }

  /** `read.entries e` of an account, its transaction `t` joined from the left: it goes on from the entry before it. */
  entry(address: string): string {
    const revision = `e.sequence / 4096`;
    return first(subjects.entry(address, 'e'), [
      ...this.entryChecks('e'),
      [`e.is_dated <> (e.effective_ms <> e.recorded_ms)`, 'its times are not those of its kind'],
      [`not ${this.isMoment('e.recorded_ms', revision)}`, 'it was not recorded at this time and revision'],
      [
        `t.id is null and ${this.head('transactions')} >= ${revision}`,
        'there is no transaction that it belongs to',
      ],
      [
        `t.revision > ${revision} or (e.is_first and t.revision < ${revision})`,
        'its transaction is of another revision',
      ],
      [
        `t.revision = ${revision} and (t.effective_ms <> e.effective_ms or t.recorded_ms <> e.recorded_ms)`,
        'its times are not those of its transaction',
      ],
    ]);
  }

  /** `read.accounts a` as of a revision (SQL): the entry after it goes on from there, or the account's row is that. */
  moment(revision: string): string {
    const next = (isDated: boolean): string =>
      `(select n.* from read.entries n
         where n.account_key = a.account_key and ${isDated ? '' : 'not '}n.is_dated
           and n.sequence >= read.sequence_after(${revision}) order by n.sequence limit 1)`;
    return `coalesce(${this.account()},
      (select ${first(subjects.entry('a.address', 'e'), this.entryChecks('e'))}
         from (${next(true)} union all ${next(false)}) e order by e.sequence limit 1))`;
  }

  /**
   * `read.accounts a` as of an effective time (SQL, milliseconds), beside `moment`: the sums by day are the same on
   * both axes, and those of the moment's day are what its entries come to, as long as those are few.
   */
  effective(ms: string): string {
    const differ = totalsColumns
      .map((column) => `sum(case w.axis when 'E' then w.${column} else -w.${column} end) <> 0`)
      .join(' or ');
    const bothAxes = `select from read.dated_days w where w.account_key = a.account_key having ${differ}`;
    const sums = totalsColumns
      .map((column) => `coalesce(sum(${added(column, 'e')}), 0) as ${column}`)
      .join(', ');
    const dayOfMoment = `select from (select floor(${ms} / 86400000.0)::int as number) day
       cross join lateral (select count(*) as counted, ${sums}
          from (select e.* from read.entries e
                 where e.account_key = a.account_key and e.is_dated and e.effective_ms >= day.number * 86400000::bigint
                   and e.effective_ms < (day.number + 1) * 86400000::bigint limit ${summedMax + 1}) e) s
        left join read.dated_days w on w.account_key = a.account_key and w.axis = 'E' and w.day = day.number
       where s.counted <= ${summedMax}
         and (${totalsColumns.map((column) => `s.${column} <> coalesce(w.${column}, 0)`).join(' or ')})`;
    return first(subjects.dates('a.address'), [
      [`exists (${bothAxes})`, 'their sums by day differ between the two axes'],
      [`exists (${dayOfMoment})`, 'they are not what the sums by day say'],
      [
        `${this.head('sums')} = ${this.head('entries')} and (${this.sums(ms)})`,
        'they are not what the sums by time say',
      ],
    ]);
  }

  /**
   * SQL: that the sums by time of `read.accounts a` are not those by day, or that those of the spans in which a moment
   * lies (SQL, milliseconds) are not what the narrower ones in them come to.
   */
  private sums(ms: string): string {
    const signed = (sign: '' | '-', from: string): string =>
      `select ${totalsColumns.map((column) => `${sign}v.${column} as ${column}`).join(', ')} from ${from}`;
    const days = (axis: 'E' | 'R'): string =>
      `read.dated_days v where v.account_key = a.account_key and v.axis = '${axis}'`;
    const sumsOf = (level: number, where: string): string =>
      `read.dated_sums v where v.key = a.account_key and v.level = ${level} and ${where}`;
    const span = (level: number): string => `(${ms} >> ${12 * level})`;
    const inside = (level: number): string =>
      `v.bucket >= (${span(level)} << 12) and v.bucket < ((${span(level)} + 1) << 12)`;
    const last = `(select t.* from read.dated_totals t where t.key = a.account_key order by t.revision desc limit 1) v`;
    const pairs: readonly (readonly [string, string])[] = [
      [days('E'), sumsOf(2, 'true')],
      [days('R'), last],
      [sumsOf(2, `v.bucket = ${span(2)}`), sumsOf(1, inside(2))],
      [sumsOf(1, `v.bucket = ${span(1)}`), sumsOf(0, inside(1))],
    ];
    const differs = totalsColumns.map((column) => `sum(x.${column}) <> 0`).join(' or ');
    return pairs
      .map(
        ([one, other]) =>
          `exists (select from (${signed('', one)} union all ${signed('-', other)}) x having ${differs})`,
      )
      .join(' or ');
  }

  private entryChecks(entry: string): readonly Check[] {
    const before = (isDated: boolean): string =>
      `(select b.sequence, ${noColumns('b')} from read.entries b
         where b.account_key = ${entry}.account_key and ${isDated ? '' : 'not '}b.is_dated
           and b.sequence < ${entry}.sequence
         order by b.sequence desc limit 1)`;
    const differs = totalsColumns
      .map((column) => `${entry}.${column} <> coalesce(x.${column}, 0) + ${added(column, entry)}`)
      .join(' or ');
    return [
      [
        `${entry}.effect not in (${quoted(Object.values(effectLetters))}) or ${entry}.direction not in ('D', 'C')`,
        'its effect or direction is none',
      ],
      [
        `exists (select from (select) one left join lateral (
           select * from (${before(true)} union all ${before(false)}) b order by b.sequence desc limit 1) x on true
          where ${differs})`,
        'its totals do not go on from those of the entry before it',
      ],
    ];
  }

  private get stream(): string {
    return (this.streamPlace ??= `${this.p.$(this.scope.stream)}::text`);
  }
  private get ledger(): string {
    return (this.ledgerPlace ??= `${this.p.$(this.scope.ledgerKey)}::uuid`);
  }

  /** That the revision was recorded in this millisecond. Written out: a call of `read.revision_at` costs more. */
  private isMoment(ms: string, revision: string): string {
    const ofLedger = `m.ledger_key = ${this.ledger}`;
    return `(exists (select from read.moments m
        where ${ofLedger} and m.recorded_ms = ${ms} and m.revision >= ${revision})
      and not exists (select from (select m.revision from read.moments m
        where ${ofLedger} and m.recorded_ms < ${ms} order by m.recorded_ms desc limit 1) m
        where m.revision >= ${revision}))`;
  }

  /** How far a projection has come; read once in a statement. */
  private head(projection: 'accounts' | 'entries' | 'sums' | 'transactions'): string {
    return `(select k.revision from read.checkpoints k
      where k.stream = ${this.stream} and k.projection = '${projection}')`;
  }
}

/** Dated entries of a day that a reader adds up; more are not held against their sum. */
const summedMax = 1_000;

/** SQL: the first of the checks that fails. */
function first(subject: string, checks: readonly Check[]): string {
  const cases = checks.map(
    ([condition, reason, its = subject]) => `when ${condition} then ${its} || E'\\n${reason}'`,
  );
  return `case ${cases.join('\n')} end`;
}
