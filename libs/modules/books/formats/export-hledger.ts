import type { AccountType } from '@fintech-ledger/ledger/domain';
import { formatMinor } from './decimal';
import { exportedMove, signedAmount } from './exported-moves';
import type { ExportedMove } from './exported-moves';
import { exportedEvents } from './export-source';
import type { ExportSource } from './export-source';
import { ExportUnits } from './export-units';
import { JournalNames } from './journal-names';
import { SourceNames } from './source-names';

const types: Readonly<Record<AccountType, string>> = {
  asset: 'Asset',
  liability: 'Liability',
  equity: 'Equity',
  revenue: 'Revenue',
  expense: 'Expense',
};

/** A ledger's posted balances as an hledger journal. `hledger bal` reports ours; what is pending is left out until it is captured. */
export async function* exportHledger(source: ExportSource): AsyncGenerator<string> {
  const units = new ExportUnits(source);
  const sources = new SourceNames(units);
  const names = new JournalNames();
  const declared = new Set<string>();
  yield `; ${oneLine(source.ledger.name)} (${source.ledger.id}) at revision ${source.revision}\ndecimal-mark .\n`;
  for await (const exported of exportedEvents(source)) {
    for (const account of await sources.see(exported)) {
      const { account: owner, unit } = sources.of(account.address, account.currency);
      let directives = '';
      if (!declared.has(unit)) {
        declared.add(unit);
        const { exponent } = await units.of(account.currency);
        directives += `\ncommodity ${directiveNumber(exponent)} ${commodity(unit, account.currency)}\n`;
      }
      const claimed = names.claim(accountName(owner, account.address), owner);
      if (claimed.isNew) directives += `\naccount ${claimed.name}  ; type: ${types[account.type]}\n`;
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
  let text =
    `\n${move.effectiveAt.slice(0, 10)} (${move.id}) ${oneLine(move.description ?? '')}`.trimEnd() + '\n';
  if (move.reference !== null) text += `    ; reference: ${oneLine(move.reference)}\n`;
  if (move.reverses !== null) text += `    ; reverses: ${move.reverses}\n`;
  for (const entry of move.entries) {
    const { account, unit } = sources.of(entry.account, entry.currency);
    const { exponent } = await units.of(entry.currency);
    const name = names.of(accountName(account, entry.account), account);
    text += `    ${name}  ${formatMinor(signedAmount(entry), exponent)} ${commodity(unit, entry.currency)}\n`;
  }
  return text;
}

/** hledger's directive wants a decimal mark also where there are no decimals. */
function directiveNumber(exponent: number): string {
  return `1000.${'0'.repeat(exponent)}`;
}

/** A name that hledger would read otherwise (a comment, a virtual posting, an end by two spaces) gives way to the address. */
function accountName(name: string, address: string): string {
  return /\s{2}|[\t\r\n;]|^[([*!~=]|[)\]]$|^\s|\s$/u.test(name) || name === '' ? address : name;
}

/** Anything but letters has to stand in quotes. */
function commodity(unit: string, code: string): string {
  if (unit === '' || /["\r\n;]/u.test(unit)) return commodity(code, code);
  return /^(?:\p{L}+|\p{Sc})$/u.test(unit) ? unit : `"${unit}"`;
}

/** A semicolon would begin a comment; a line break would end the transaction. */
function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').replaceAll(';', ',').trim();
}
