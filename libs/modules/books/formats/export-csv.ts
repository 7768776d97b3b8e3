import { exportColumns } from './csv-columns';
import { formatMinor } from './decimal';
import { exportedMove, ImportableReferences, signedAmount } from './exported-moves';
import { exportedEvents } from './export-source';
import type { ExportOptions, ExportSource } from './export-source';
import { ExportUnits } from './export-units';
import { SourceNames } from './source-names';
import { readUnitCell } from './unit-cell';
import { unitCode } from './unit-codes';

/**
 * A ledger's posted entries as CSV (RFC 4180), one a line, a debit positive; its columns are those that an import takes
 * without being told.
 */
export async function* exportCsv(
  source: ExportSource,
  { isSafe = false }: ExportOptions = {},
): AsyncGenerator<string> {
  const text = isSafe ? withoutFormula : (cell: string) => cell;
  const units = new ExportUnits(source);
  const names = new SourceNames(units);
  const references = new ImportableReferences();
  yield csvLine(exportColumns);
  for await (const exported of exportedEvents(source)) {
    await names.see(exported);
    const move = exportedMove(exported);
    if (move === undefined) continue;
    const reference = references.of(exported, move);
    let lines = '';
    for (const entry of move.entries) {
      const { account, unit } = names.of(entry.account, entry.currency);
      const { exponent } = await units.of(entry.currency);
      const amount = formatMinor(signedAmount(entry), exponent);
      lines += csvLine([
        move.id,
        dateOf(move.effectiveAt),
        text(account),
        entry.accountType,
        amount,
        text(unitText(unit, entry.currency)),
        text(move.description ?? ''),
        text(reference ?? ''),
        text(entry.account),
      ]);
    }
    yield lines;
  }
}

/** A text that a spreadsheet would take for a formula, made one that it shows. Amounts are numbers, so they stay. */
function withoutFormula(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** So that an import reads the same unit: its name where that says the code, in quotes where it is odd. */
function unitText(unit: string, code: string): string {
  if (unitCode(unit) !== code || unit.includes('"')) return code;
  return readUnitCell(unit, () => false) === unit ? unit : `"${unit}"`;
}

/** The day alone when it is midnight. */
function dateOf(effectiveAt: string): string {
  return effectiveAt.endsWith('T00:00:00.000Z') ? effectiveAt.slice(0, 10) : effectiveAt;
}

function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\r\n`;
}
