import { shortened } from '@fintech-ledger/contract';
import type { Direction } from '@fintech-ledger/bank/domain';
import { isCreditorReference, plainReference } from '@fintech-ledger/payments/domain';
import { dayOf, invalid, isCredit, minorOf, needed } from './amounts';
import { childrenOf, descendant, firstOf } from './element';
import type { Element } from './element';

/** A line of a statement as the file has it. */
export interface ReadLine {
  readonly amountMinor: bigint;
  /** The payments of a file that it is for (`PmtInfId`), where the bank has booked those together. */
  readonly batchId: string | null;
  readonly bankReference: string | null;
  readonly bookedOn: string;
  readonly direction: Direction;
  readonly endToEndId: string | null;
  readonly partyIban: string | null;
  readonly partyName: string | null;
  /** Structured ones, whose check digits hold. */
  readonly references: readonly string[];
  readonly remittance: string | null;
  readonly valueOn: string | null;
}

/**
 * What an entry has: a line for each transfer, where the bank says how much each was, else one for the whole. What
 * is not booked yet, or is of nothing, has none. @throws StatementProblem
 */
export function linesOfEntry(entry: Element, currency: string): readonly ReadLine[] {
  const status = needed(entry, 'Sts');
  if ((descendant(status, 'Cd')?.text ?? status.text) !== 'BOOK') return [];
  const amount = minorOf(needed(entry, 'Amt'), currency);
  // Banks say things with these, such as that a charge was waived: nothing moved.
  if (amount === 0n) return [];
  const direction = isCredit(entry) ? 'credit' : 'debit';
  const bookedOn = dayOf(descendant(entry, 'BookgDt')) ?? dayOf(descendant(entry, 'ValDt'));
  if (bookedOn === null) throw invalid('It is not there.', `${entry.path}/BookgDt`);
  const bankReference = short(firstOf(entry, 'AcctSvcrRef', 'NtryRef')?.text, 64);
  const valueOn = dayOf(descendant(entry, 'ValDt'));
  const all = childrenOf(entry, 'NtryDtls');
  const details = all.flatMap((each) => childrenOf(each, 'TxDtls'));
  const batches = all.map((each) => firstOf(each, 'Btch/PmtInfId', 'TxDtls/Refs/PmtInfId')?.text);
  const batchId = short(
    batches.find((each) => each !== undefined),
    35,
  );
  const of = { bankReference, batchId, bookedOn, direction, valueOn } as const;
  const [only] = details;
  if (details.length === 1 && only !== undefined)
    return [{ ...of, ...said(only, direction), amountMinor: amount }];
  const parts = details.map((each) => amountOf(each, currency));
  const sum = parts.reduce<bigint>((total, each) => total + (each ?? 0n), 0n);
  if (details.length > 0 && sum === amount && parts.every((each) => each !== undefined && each > 0n))
    return details.map((each, n) => ({
      ...of,
      ...said(each, direction),
      amountMinor: parts[n] ?? 0n,
      bankReference: short(descendant(each, 'Refs', 'AcctSvcrRef')?.text, 64) ?? bankReference,
    }));
  return [{ ...of, ...said(undefined, direction), amountMinor: amount }];
}

/** Of one transfer, in the currency of the account; undefined: it is not said in it. */
function amountOf(details: Element, currency: string): bigint | undefined {
  for (const path of ['Amt', 'AmtDtls/TxAmt/Amt', 'AmtDtls/InstdAmt/Amt']) {
    const amount = firstOf(details, path);
    if (amount !== undefined && amount.attributes['Ccy'] === currency) return minorOf(amount, currency);
  }
  return undefined;
}

type Said = Pick<ReadLine, 'endToEndId' | 'partyIban' | 'partyName' | 'references' | 'remittance'>;

/** What a transfer says of who is at the other end, and of what it is for. */
function said(details: Element | undefined, direction: Direction): Said {
  const party = direction === 'credit' ? 'Dbtr' : 'Cdtr';
  const parties = descendant(details, 'RltdPties');
  // .08 has a party or an agent there, .02 a party.
  const name = firstOf(parties, `${party}/Pty/Nm`, `${party}/Nm`)?.text;
  const iban = firstOf(parties, `${party}Acct/Id/IBAN`, `${party}Acct/Id/Othr/Id`)?.text;
  const information = descendant(details, 'RmtInf');
  const structured = information === undefined ? [] : childrenOf(information, 'Strd');
  const references = structured
    .map((each) => plainReference(descendant(each, 'CdtrRefInf', 'Ref')?.text ?? ''))
    .filter(isCreditorReference);
  const texts = information === undefined ? [] : childrenOf(information, 'Ustrd').map(({ text }) => text);
  return {
    endToEndId: short(descendant(details, 'Refs', 'EndToEndId')?.text, 64),
    partyIban: short(iban?.replaceAll(' ', '').toUpperCase(), 34),
    partyName: short(name, 140),
    references,
    remittance: short(texts.join(' '), 1_000),
  };
}

function short(text: string | undefined, max: number): string | null {
  const plain = shortened(text ?? '', max);
  return plain === '' ? null : plain;
}
