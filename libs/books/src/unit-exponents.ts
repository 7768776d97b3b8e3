import { findCurrency, isBookable } from '@fintech-ledger/ledger';
import type { Books } from './books';
import type { ImportTally } from './import-summary';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import type { Survey } from './survey';

export interface BookedUnit {
  readonly code: string;
  readonly exponent: number;
  /** Not declared yet. */
  readonly isNew: boolean;
}

const exponentMax = 18;

/**
 * What each unit of a file is booked as: ISO 4217 says the exponent of its currencies, a declaration that of other units; a unit that
 * was never declared gets the exponent that its amounts need. A problem: it can't be booked.
 * @param now RFC 3339: a currency that was withdrawn by then is refused
 */
export async function bookedUnits(
  survey: Survey,
  books: Books,
  now: string,
): Promise<ReadonlyMap<string, BookedUnit | ImportProblem>> {
  const units = new Map<string, BookedUnit | ImportProblem>();
  for (const [source, { code, decimals }] of survey.units) {
    units.set(source, await bookedUnit(source, code, decimals, books, now));
  }
  return units;
}

async function bookedUnit(
  source: string,
  code: string,
  decimals: number,
  books: Books,
  now: string,
): Promise<BookedUnit | ImportProblem> {
  const currency = findCurrency(code);
  if (currency !== undefined) {
    const other = `if '${source}' is something else, say what (units), for instance ${source}=${code}.X`;
    if (currency.exponent === null) {
      return problem('unknown_currency', `ISO 4217 gives ${code} (${currency.name}) no minor unit; ${other}`);
    }
    return isBookable(currency, now)
      ? { code, exponent: currency.exponent, isNew: false }
      : problem(
          'withdrawn_currency',
          `${code} (${currency.name}) was withdrawn on ${currency.withdrawnOn}; ${other}`,
        );
  }
  const declared = await books.unit(code);
  if (declared !== null) return { code, exponent: declared.exponent, isNew: false };
  return decimals > exponentMax
    ? problem(
        'too_many_decimals',
        `an amount of ${code} has ${decimals} decimals; a unit has at most ${exponentMax}`,
      )
    : { code, exponent: decimals, isNew: true };
}

/** Declares new units at the first transaction that needs them. */
export class UnitDeclarations {
  private readonly done = new Map<string, ImportProblem | undefined>();
  constructor(
    private readonly books: Books,
    private readonly tally: ImportTally,
    private readonly dryRun: boolean,
  ) {}

  /** Undefined: the unit is there. */
  async ensure(source: string, unit: BookedUnit): Promise<ImportProblem | undefined> {
    if (!unit.isNew) return undefined;
    if (!this.done.has(unit.code)) this.done.set(unit.code, await this.declare(source, unit));
    return this.done.get(unit.code);
  }

  private async declare(source: string, { code, exponent }: BookedUnit): Promise<ImportProblem | undefined> {
    if (!this.dryRun) {
      const outcome = await this.books.declareUnit({ code, exponent, name: source === '' ? code : source });
      if (outcome.kind === 'refused') {
        // Another import may have declared and used it since.
        const declared = await this.books.unit(code);
        if (declared?.exponent === exponent) return undefined;
        return problem('unit_differs', outcome.refusal.detail);
      }
    }
    this.tally.unitsDeclared.push(code);
    return undefined;
  }
}
