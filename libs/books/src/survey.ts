import type { CsvLine } from './csv-posting';
import { runsOf } from './csv-transactions';
import { FingerprintCounts } from './fingerprints';
import { unitsMax } from './limits';
import { ImportRefused, problem } from './problem';
import { isUnitCode, unitCode } from './unit-codes';

/** What has to be known of a CSV file before its first transaction can be booked. */
export interface Survey {
  /** Each unit as the source writes it, its code, and the most decimals that an amount of it has. */
  readonly units: ReadonlyMap<string, { readonly code: string; readonly decimals: number }>;
  /** Transaction values whose lines do not stand together, with the number of places where they stand. */
  readonly scattered: ReadonlyMap<string, number>;
}

/** @throws ImportRefused `ambiguous_unit`: two units of the source would get one code; `too_many_units` */
export async function surveyCsv(
  lines: AsyncIterable<CsvLine>,
  named: ReadonlyMap<string, string>,
): Promise<Survey> {
  const units = new Map<string, { code: string; decimals: number }>();
  const sourceOf = new Map<string, string>();
  const seen = new FingerprintCounts();
  const scattered = new Map<string, number>();
  for await (const run of runsOf(lines)) {
    const before = seen.add(run.value);
    if (before > 0) scattered.set(run.value, before + 1);
    for (const { content, line } of run.lines) {
      if ('code' in content) continue;
      const { unit, amount } = content;
      const known = units.get(unit);
      if (known !== undefined) {
        known.decimals = Math.max(known.decimals, amount.decimals);
        continue;
      }
      const code = codeOf(unit, named, line);
      const other = sourceOf.get(code);
      if (other !== undefined) throw ambiguous(unit, other, code, line);
      if (units.size === unitsMax) {
        throw new ImportRefused(problem('too_many_units', `a file has at most ${unitsMax} units`, { line }));
      }
      units.set(unit, { code, decimals: amount.decimals });
      sourceOf.set(code, unit);
    }
  }
  return { units, scattered };
}

function codeOf(unit: string, named: ReadonlyMap<string, string>, line: number): string {
  const code = unitCode(unit, named);
  if (isUnitCode(code)) return code;
  throw new ImportRefused(problem('ambiguous_unit', `'${code}' is not the code of a unit`, { line }));
}

function ambiguous(unit: string, other: string, code: string, line: number): ImportRefused {
  const detail = `'${unit}' and '${other}' would both be booked as ${code}: say what they are (units)`;
  return new ImportRefused(problem('ambiguous_unit', detail, { line }));
}
