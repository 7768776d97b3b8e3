import {
  exponentMax,
  findCurrency,
  isBookable,
  unknownCurrency,
  withdrawnCurrency,
} from '@fintech-ledger/ledger/domain';
import type { Currency } from '@fintech-ledger/ledger/domain';
import type { Books } from './books';
import type { ImportTally } from './import-summary';
import { newUnitDecimals, newUnitDigitsMax } from './limits';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import type { AmountSize, Survey } from './survey';
import { tooManyDecimals, unitDiffers } from './line-refusals';

export interface BookedUnit {
  readonly code: string;
  readonly exponent: number;
  /** Not declared yet. */
  readonly isNew: boolean;
  /** The entry of ISO 4217, if it is one. */
  readonly currency: Currency | undefined;
}

/**
 * What each unit of a file is booked as: ISO 4217 says the exponent of its currencies, a declaration that of other units. A unit that was
 * never declared gets what `exponents` says for its code, else more decimals than its amounts need, because the exponent is fixed for the
 * whole organization with the first account. A problem: it can't be booked.
 */
export async function bookedUnits(
  survey: Survey,
  exponents: ReadonlyMap<string, number>,
  books: Books,
): Promise<ReadonlyMap<string, BookedUnit | ImportProblem>> {
  const sizes = new Map<string, AmountSize>();
  for (const [, { code, integerDigits, decimals }] of survey.units) {
    const other = sizes.get(code);
    sizes.set(code, {
      integerDigits: Math.max(integerDigits, other?.integerDigits ?? 0),
      decimals: Math.max(decimals, other?.decimals ?? 0),
    });
  }
  const units = new Map<string, BookedUnit | ImportProblem>();
  for (const [source, { code, ...own }] of survey.units) {
    const size = sizes.get(code) ?? own;
    units.set(source, await bookedUnit({ source, code, size, wanted: exponents.get(code) }, books));
  }
  return units;
}

interface UnitOfFile {
  readonly source: string;
  readonly code: string;
  readonly size: AmountSize;
  readonly wanted: number | undefined;
}

async function bookedUnit(unit: UnitOfFile, books: Books): Promise<BookedUnit | ImportProblem> {
  const { source, code, wanted } = unit;
  const currency = findCurrency(code);
  if (currency?.exponent === null) {
    const detail = `ISO 4217 gives ${code} (${currency.name}) no minor unit; ${asAnother(source, code)}`;
    return problem(unknownCurrency, detail);
  }
  const declared = currency === undefined ? await books.unit(code) : { exponent: currency.exponent ?? 0 };
  if (declared === null) return newUnit(unit);
  const { exponent } = declared;
  if (wanted !== undefined && wanted !== exponent) {
    const detail = `${code} has ${exponent} decimals here, not ${wanted}; book it as another unit, for instance ${source}=${code.slice(0, 22)}.2/${wanted}`;
    return problem(unitDiffers, detail);
  }
  return { code, exponent, isNew: false, currency };
}

function newUnit({ source, code, size, wanted }: UnitOfFile): BookedUnit | ImportProblem {
  const { decimals, integerDigits } = size;
  if (decimals > (wanted ?? exponentMax)) {
    const detail = `an amount of ${code} has ${decimals} decimals; a unit has at most ${exponentMax}, and '${source}' is to have ${wanted ?? exponentMax} (units)`;
    return problem(tooManyDecimals, detail);
  }
  const room = Math.max(decimals, Math.min(newUnitDecimals, newUnitDigitsMax - integerDigits));
  return { code, exponent: wanted ?? room, isNew: true, currency: undefined };
}

/** Why an amount of this unit can't be booked on a day; undefined: it can. */
export function unbookableOn(
  source: string,
  { currency }: BookedUnit,
  effectiveAt: string,
): ImportProblem | undefined {
  if (currency === undefined || isBookable(currency, effectiveAt)) return undefined;
  const { code, name, withdrawnOn } = currency;
  const detail = `${code} (${name}) was withdrawn on ${withdrawnOn}; ${asAnother(source, code)}`;
  return problem(withdrawnCurrency, detail);
}

/** What to do about an amount that has more decimals than its unit. */
export function tooPrecise(
  source: string,
  { code, exponent, currency }: BookedUnit,
  decimals: number,
): ImportProblem {
  const why = currency === undefined ? 'as it was declared first' : 'by ISO 4217';
  const ways = ['round it in the file'];
  if (decimals > exponentMax) ways.push(`no unit has more than ${exponentMax}`);
  else {
    const wanted = Math.max(decimals, newUnitDecimals);
    if (currency === undefined) ways.push('declare it again while no account is in it (POST /v1/units)');
    ways.push(
      `or book '${source}' as another unit (units), for instance ${source}=${code.slice(0, 22)}.2/${wanted}`,
    );
  }
  const detail = `${code} has ${exponent} decimals ${why}, the amount ${decimals}: ${ways.join(', ')}`;
  return problem(tooManyDecimals, detail);
}

function asAnother(source: string, code: string): string {
  return `if '${source}' is something else, say what (units), for instance ${source}=${code}.X`;
}

/** Declares new units at the first transaction that needs them. */
export class UnitDeclarations {
  private readonly done = new Map<string, ImportProblem | undefined>();
  constructor(
    private readonly books: Books,
    private readonly tally: ImportTally,
  ) {}

  /** Undefined: the unit is there. */
  async ensure(source: string, unit: BookedUnit): Promise<ImportProblem | undefined> {
    if (!unit.isNew) return undefined;
    if (!this.done.has(unit.code)) this.done.set(unit.code, await this.declare(source, unit));
    return this.done.get(unit.code);
  }

  private async declare(source: string, { code, exponent }: BookedUnit): Promise<ImportProblem | undefined> {
    const outcome = await this.books.declareUnit({ code, exponent, name: source === '' ? code : source });
    if (outcome.kind === 'refused') {
      // Another import may have declared and used it since.
      const declared = await this.books.unit(code);
      if (declared?.exponent === exponent) return undefined;
      return problem(unitDiffers, outcome.refusal.detail);
    }
    this.tally.unitsDeclared.push(code);
    return undefined;
  }
}
