import { createHash } from 'node:crypto';
import { findCurrency } from '@fintech-ledger/ledger/domain';
import { refusedQuery } from '@fintech-ledger/projection-runtime';
import { statementNotExpressible } from './statement-refusals';
import type { Statement, StatementLine } from './statement-shape';

/** ISO 20022, Bank to Customer Statement. */
const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';
/** The schema's limits: Max35Text, Max34Text, Max500Text, and the total digits of an amount. */
const referenceMax = 35;
const accountIdMax = 34;
const textMax = 500;
const digitsMax = 18;

/**
 * A statement as camt.053.001.08. A credit of the account is CRDT, a debit DBIT; a balance is what credits exceed
 * debits by.
 * @param createdAt RFC 3339
 * @throws Refused `statement_not_expressible` its unit is no ISO 4217 currency, or an amount has more than 18 digits
 */
export function statementCamt053(statement: Statement, createdAt: string): string {
  const { account, axis, currency: unit, from, ledger, to, entries } = statement;
  const money = moneyOf(unit);
  const id = digestOf(JSON.stringify([ledger, account, axis, from, to]));
  const balance = (code: string, { credits, debits }: Statement['opening_balance'], at: string): string => {
    const signed = BigInt(credits) - BigInt(debits);
    return tag(
      'Bal',
      tag('Tp', tag('CdOrPrtry', tag('Cd', code))) +
        money(signed < 0n ? -signed : signed) +
        tag('CdtDbtInd', signed < 0n ? 'DBIT' : 'CRDT') +
        tag('Dt', tag('DtTm', at)),
    );
  };
  const body =
    tag('Id', id) +
    tag('CreDtTm', createdAt) +
    tag('FrToDt', tag('FrDtTm', from) + tag('ToDtTm', to)) +
    tag('Acct', tag('Id', tag('Othr', tag('Id', accountIdOf(ledger, account)))) + tag('Ccy', unit)) +
    balance('OPBD', statement.opening_balance, from) +
    balance('CLBD', statement.closing_balance, to) +
    entries.map((entry) => entryOf(entry, money)).join('') +
    // An address may be longer than the id of an account here.
    tag('AddtlStmtInf', text(`ledger ${ledger}, account ${account}, by ${axis} time, to exclusive`));
  const header = tag('GrpHdr', tag('MsgId', id) + tag('CreDtTm', createdAt));
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Document xmlns="${namespace}">${tag('BkToCstmrStmt', header + tag('Stmt', body))}</Document>\n`
  );
}

function entryOf(entry: StatementLine, money: (minor: bigint) => string): string {
  const { amount, description, direction, effective_at, event, recorded_at, transaction } = entry;
  const details =
    tag('Refs', tag('AcctSvcrRef', text(transaction, referenceMax))) +
    (description === null || description === '' ? '' : tag('AddtlTxInf', text(description)));
  return tag(
    'Ntry',
    tag('NtryRef', String(event.revision)) +
      money(BigInt(amount)) +
      tag('CdtDbtInd', direction === 'credit' ? 'CRDT' : 'DBIT') +
      (event.type === 'TransactionReversed' ? tag('RvslInd', 'true') : '') +
      tag('Sts', tag('Cd', 'BOOK')) +
      tag('BookgDt', tag('DtTm', recorded_at)) +
      tag('ValDt', tag('DtTm', effective_at)) +
      tag('AcctSvcrRef', text(transaction, referenceMax)) +
      tag('BkTxCd', tag('Prtry', tag('Cd', text(event.type, referenceMax)))) +
      tag('NtryDtls', tag('TxDtls', details)),
  );
}

/** @throws Refused `statement_not_expressible` */
function moneyOf(unit: string): (minor: bigint) => string {
  const exponent = findCurrency(unit)?.exponent ?? null;
  if (exponent === null)
    throw refusedQuery(
      statementNotExpressible,
      `${unit} is no currency of ISO 4217: ask for JSON or CSV.`,
      '/format',
    );
  return (minor) => {
    const digits = String(minor).padStart(exponent + 1, '0');
    if (digits.length > digitsMax) {
      const detail = `camt.053 has at most ${digitsMax} digits, an amount has ${digits.length}: ask for JSON or CSV.`;
      throw refusedQuery(statementNotExpressible, detail, '/format');
    }
    const whole = digits.slice(0, digits.length - exponent);
    const part = digits.slice(digits.length - exponent);
    return `<Amt Ccy="${unit}">${whole}${part === '' ? '' : `.${part}`}</Amt>`;
  };
}

/** The address; of a long one a digest, since an id has at most 34 characters. */
function accountIdOf(ledger: string, address: string): string {
  return address.length <= accountIdMax ? address : digestOf(`${ledger}/${address}`);
}

const digestOf = (of: string): string => createHash('sha256').update(of).digest('hex').slice(0, 32);

const tag = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** A text of at most so many characters, without what XML 1.0 can't have. */
function text(value: string, max = textMax): string {
  return [...value]
    .map((character) => (isOfXml(character.codePointAt(0) ?? 0) ? character : '\uFFFD'))
    .slice(0, max)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** XML 1.0, 2.2. */
function isOfXml(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
