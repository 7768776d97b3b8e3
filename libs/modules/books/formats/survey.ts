import { isUnitCode } from '@fintech-ledger/ledger/domain';
import { readAmountCell } from './amount-cell';
import { Conventions } from './conventions';
import type { GivenConventions } from './conventions';
import type { CsvRecord } from './csv-records';
import { readDateCell } from './date-cell';
import type { Decimal } from './decimal';
import { FingerprintCounts } from './fingerprints';
import { unitsMax } from './limits';
import type { DecimalMark } from './number-text';
import { ImportRefused, problem } from './problem';
import { readUnitCell } from './unit-cell';
import { isSignOf, unitCode } from './unit-codes';
import { ambiguousUnit, tooManyUnits } from './file-refusals';

/** How large the amounts of a unit are: the most digits before the decimal mark, and the most behind it. */
export interface AmountSize {
  readonly integerDigits: number;
  readonly decimals: number;
}

/** What has to be known of a CSV file before its first transaction can be booked. */
export interface Survey {
  readonly conventions: Conventions;
  /** Each unit of which there is any amount, as the source writes it, with its code. */
  readonly units: ReadonlyMap<string, AmountSize & { readonly code: string }>;
  /** Transaction values whose lines do not stand together, with the number of places where they stand. */
  readonly scattered: ReadonlyMap<string, number>;
}

/** @throws ImportRefused `ambiguous_unit`: two units of the source would get one code; `too_many_units` */
export async function surveyCsv(
  records: AsyncIterable<CsvRecord>,
  given: GivenConventions,
  named: ReadonlyMap<string, string>,
): Promise<Survey> {
  let conventions: Conventions | undefined;
  const units = new UnitSurvey(named);
  const runs = new RunCounts();
  for await (const record of records) {
    // Our own exports are written in one way.
    conventions ??= new Conventions(record.isExport ? { decimalMark: '.', ...defined(given) } : given);
    runs.see(record.cell('transaction'));
    // Its cells may stand in the wrong columns.
    if (record.wrongWidth !== undefined) continue;
    const date = readDateCell(record.cell('date'));
    if (date !== undefined) conventions.seeDate(date);
    const amount = readAmountCell(record.cell('amount'));
    if ('code' in amount) continue;
    conventions.seeNumber(amount.number);
    const { number } = amount;
    const unit = amount.unit ?? readUnitCell(record.cell('unit'), (each) => named.has(each));
    if (unit === undefined) continue;
    if (number.kind === 'sure') units.see(unit, record.line, number.value);
    else units.see(unit, record.line, number.asInteger, { [number.separator]: number.asDecimal });
  }
  const found = conventions ?? new Conventions(given);
  return { conventions: found, units: units.sizes(found), scattered: runs.scattered };
}

function defined(given: GivenConventions): GivenConventions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Counts the places where the lines of a transaction stand together. */
class RunCounts {
  readonly scattered = new Map<string, number>();
  private readonly seen = new FingerprintCounts();
  private last: string | undefined;

  see(value: string): void {
    if (value === this.last && value !== '') return;
    this.last = value;
    const before = this.seen.add(value);
    if (before > 0) this.scattered.set(value, before + 1);
  }
}

interface UnitSeen {
  readonly code: string;
  integerDigits: number;
  /** Of amounts that are sure, and of those that have decimals only if their separator is the decimal mark. */
  decimals: number;
  readonly decimalsIf: Record<DecimalMark, number>;
}

class UnitSurvey {
  private readonly seen = new Map<string, UnitSeen>();
  private readonly sourceOf = new Map<string, string>();
  constructor(private readonly named: ReadonlyMap<string, string>) {}

  see(
    source: string,
    line: number,
    value: Decimal,
    ifMark: Partial<Record<DecimalMark, Decimal>> = {},
  ): void {
    // Nothing of a unit is no use of it.
    if (value.digits === 0n) return;
    const unit = this.seen.get(source) ?? this.add(source, line);
    unit.integerDigits = Math.max(unit.integerDigits, value.digits.toString().length - value.decimals);
    unit.decimals = Math.max(unit.decimals, value.decimals);
    for (const mark of ['.', ','] as const) {
      unit.decimalsIf[mark] = Math.max(unit.decimalsIf[mark], ifMark[mark]?.decimals ?? 0);
    }
  }

  sizes(conventions: Conventions): Survey['units'] {
    return new Map(
      [...this.seen].map(([source, { code, integerDigits, decimals, decimalsIf }]) => {
        const more = (['.', ','] as const).map((mark) =>
          conventions.isDecimalMark(mark) === true ? decimalsIf[mark] : 0,
        );
        return [source, { code, integerDigits, decimals: Math.max(decimals, ...more) }];
      }),
    );
  }

  private add(source: string, line: number): UnitSeen {
    const code = unitCode(source, this.named);
    if (!isUnitCode(code)) {
      throw new ImportRefused(problem(ambiguousUnit, `'${code}' is not the code of a unit`, { line }));
    }
    const other = this.sourceOf.get(code);
    if (other !== undefined && !this.isSame(source, code) && !this.isSame(other, code)) {
      const detail = `'${source}' and '${other}' would both be booked as ${code}: say what they are (units)`;
      throw new ImportRefused(problem(ambiguousUnit, detail, { line }));
    }
    if (this.seen.size === unitsMax) {
      throw new ImportRefused(problem(tooManyUnits, `a file has at most ${unitsMax} units`, { line }));
    }
    const unit = { code, integerDigits: 0, decimals: 0, decimalsIf: { '.': 0, ',': 0 } };
    this.seen.set(source, unit);
    this.sourceOf.set(code, source);
    return unit;
  }

  /** It is called otherwise but means the same: a currency's sign, or what the reader named so. */
  private isSame(source: string, code: string): boolean {
    return this.named.get(source) === code || isSignOf(source, code);
  }
}
