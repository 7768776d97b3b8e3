import { beancountAccount, beancountCurrency } from './beancount-names';
import { formatMinor } from './decimal';
import { exportedMove, signedAmount } from './exported-moves';
import type { ExportedMove } from './exported-moves';
import { exportedEvents } from './export-source';
import type { ExportSource } from './export-source';
import { ExportUnits } from './export-units';
import { JournalNames } from './journal-names';
import { SourceNames } from './source-names';

/** The first day on which a transaction can count; what is opened then may be used on every day. */
const firstDay = '0001-01-01';

/**
 * A ledger's posted balances as a beancount file, which `bean-check` accepts. Names that beancount can't read are changed; the metadata of
 * `open` and `commodity` keep ours. What is pending is left out until it is captured.
 */
export async function* exportBeancount(source: ExportSource): AsyncGenerator<string> {
  const units = new ExportUnits(source);
  const sources = new SourceNames(units);
  const names = new JournalNames();
  const declared = new Set<string>();
  yield `; ${source.ledger.id} at revision ${source.revision}\noption "title" ${quoted(source.ledger.name)}\n`;
  for await (const exported of exportedEvents(source)) {
    for (const account of await sources.see(exported)) {
      const { account: owner, unit } = sources.of(account.address, account.currency);
      let directives = '';
      const currency = beancountCurrency(unit, account.currency);
      if (!declared.has(currency)) {
        declared.add(currency);
        const { exponent, name } = await units.of(account.currency);
        directives += `\n${firstDay} commodity ${currency}\n  name: ${quoted(name)}\n  unit: ${quoted(account.currency)}\n  precision: ${exponent}\n`;
      }
      const { name, isNew } = names.claim(beancountAccount(owner, account.type), owner);
      if (isNew) directives += `\n${firstDay} open ${name}\n  address: ${quoted(owner)}\n`;
      if (directives !== '') yield directives;
    }
    const move = exportedMove(exported);
    if (move !== undefined) yield await transactionText(move, sources, names, units);
  }
}

async function transactionText(
  move: ExportedMove,
  sources: SourceNames,
  names: JournalNames,
  units: ExportUnits,
): Promise<string> {
  let text = `\n${move.effectiveAt.slice(0, 10)} * ${quoted(move.description ?? '')}\n  transaction: "${move.id}"\n`;
  if (move.reference !== null) text += `  reference: ${quoted(move.reference)}\n`;
  if (move.reverses !== null) text += `  reverses: "${move.reverses}"\n`;
  for (const entry of move.entries) {
    const { account, unit } = sources.of(entry.account, entry.currency);
    const { exponent } = await units.of(entry.currency);
    const name = names.of(beancountAccount(account, entry.accountType), account);
    const currency = beancountCurrency(unit, entry.currency);
    text += `  ${name}  ${formatMinor(signedAmount(entry), exponent)} ${currency}\n`;
  }
  return text;
}

function quoted(text: string): string {
  return `"${text.replace(/[\r\n]+/gu, ' ').replace(/[\\"]/gu, '\\$&')}"`;
}
