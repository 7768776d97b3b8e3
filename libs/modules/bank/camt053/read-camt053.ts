import { statementUnbalanced } from '@fintech-ledger/bank/domain';
import { findCurrency } from '@fintech-ledger/ledger/domain';
import { isCredit, invalid, minorOf, needed, timeOf } from './amounts';
import { childrenOf, descendant, firstOf } from './element';
import type { Element } from './element';
import { linesOfEntry } from './entry-lines';
import type { ReadLine } from './entry-lines';
import { ElementReader } from './read-elements';
import { StatementProblem } from './statement-problem';

/** A statement as its file has it. Amounts: minor units; balances may be below zero. */
export interface ReadStatement {
  readonly closingMinor: bigint;
  readonly currency: string;
  readonly from: string | null;
  readonly iban: string;
  readonly lines: readonly ReadLine[];
  readonly openingMinor: bigint;
  /** Where it is in the file. */
  readonly path: string;
  readonly statementId: string;
  readonly to: string | null;
}

/** The parts of a statement that are no entries. */
interface Begun {
  readonly path: string;
  readonly parts: Element[];
  readonly lines: ReadLine[];
  currency: string | undefined;
}

/** Reads a file of bank statements (ISO 20022, camt.053.001.02 and .08) as it comes, and judges each statement. */
export class Camt053Reader {
  readonly statements: ReadStatement[] = [];
  private begun: Begun | undefined;
  private readonly elements = new ElementReader({
    statementBegins: (path) => {
      this.begun = { path, parts: [], lines: [], currency: undefined };
    },
    element: (element) => this.element(element),
    statementEnds: () => this.end(),
  });

  /** @throws StatementProblem */
  write(bytes: Uint8Array): void {
    this.elements.write(bytes);
  }

  /** All statements of the file. @throws StatementProblem */
  close(): readonly ReadStatement[] {
    this.elements.close();
    if (this.statements.length === 0) throw invalid('It is not there.', '/Document/BkToCstmrStmt/Stmt');
    return this.statements;
  }

  private element(element: Element): void {
    const { begun } = this;
    if (begun === undefined) return;
    if (element.name !== 'Ntry') {
      begun.parts.push(element);
      return;
    }
    begun.currency ??= currencyOf(begun);
    begun.lines.push(...linesOfEntry(element, begun.currency));
  }

  private end(): void {
    const { begun } = this;
    if (begun === undefined) return;
    this.begun = undefined;
    const { lines, path } = begun;
    const root = rootOf(begun);
    const currency = begun.currency ?? currencyOf(begun);
    const period = descendant(root, 'FrToDt');
    const statement: ReadStatement = {
      closingMinor: balanceOf(root, ['CLBD'], currency),
      currency,
      from: timeOf(descendant(period, 'FrDtTm')),
      iban: ibanOf(root),
      lines,
      openingMinor: balanceOf(root, ['OPBD', 'PRCD'], currency),
      path,
      statementId: statementIdOf(root),
      to: timeOf(descendant(period, 'ToDtTm')),
    };
    const moved = lines.reduce(
      (sum, { amountMinor, direction }) => (direction === 'credit' ? sum + amountMinor : sum - amountMinor),
      0n,
    );
    const { openingMinor, closingMinor } = statement;
    if (openingMinor + moved !== closingMinor) {
      const sums = `It begins with ${openingMinor}, and its booked entries come to ${moved}`;
      const why = `${sums}: it does not end with ${closingMinor}.`;
      throw new StatementProblem(statementUnbalanced, why, path);
    }
    this.statements.push(statement);
  }
}

const rootOf = ({ parts, path }: Begun): Element => ({
  ...{ name: 'Stmt', attributes: {}, text: '' },
  ...{ children: parts, path },
});

function currencyOf(begun: Begun): string {
  const root = rootOf(begun);
  const said = descendant(root, 'Acct', 'Ccy');
  // Not all banks say it with the account; the balances have it then.
  const code = said?.text ?? firstOf(root, 'Bal/Amt')?.attributes['Ccy'] ?? '';
  if ((findCurrency(code)?.exponent ?? null) === null)
    throw invalid(`'${code.slice(0, 10)}' is no currency.`, said?.path ?? `${begun.path}/Acct/Ccy`);
  return code;
}

function ibanOf(root: Element): string {
  const account = firstOf(root, 'Acct/Id/IBAN', 'Acct/Id/Othr/Id');
  const iban = (account?.text ?? '').replaceAll(' ', '').toUpperCase();
  if (account === undefined || !/^[A-Z0-9]{1,34}$/.test(iban))
    throw invalid('There is no number of an account.', account?.path ?? `${root.path}/Acct/Id/IBAN`);
  return iban;
}

function statementIdOf(root: Element): string {
  const id = needed(root, 'Id');
  if (id.text === '' || id.text.length > 64) throw invalid('It has 1 to 64 characters.', id.path);
  return id.text;
}

/** @param codes of the balance, the first one that is there @throws StatementProblem */
function balanceOf(root: Element, codes: readonly string[], currency: string): bigint {
  const balances = childrenOf(root, 'Bal');
  const coded = (code: string) =>
    balances.find((each) => descendant(each, 'Tp', 'CdOrPrtry', 'Cd')?.text === code);
  const balance = codes.map(coded).find((each) => each !== undefined);
  if (balance === undefined) throw invalid(`There is no balance ${codes.join(' or ')}.`, `${root.path}/Bal`);
  const amount = minorOf(needed(balance, 'Amt'), currency);
  return isCredit(balance) ? amount : -amount;
}
