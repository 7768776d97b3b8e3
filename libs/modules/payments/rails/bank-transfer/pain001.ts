import { createHash } from 'node:crypto';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { decimal } from '@fintech-ledger/payments/domain';
import type {
  PayeeAccountFacts,
  PayoutBatchFacts,
  PayoutDestinationFacts,
  PayoutFacts,
} from '@fintech-ledger/payments/domain';

/*
 * A batch of payouts as a file for a bank: ISO 20022, pain.001.001.09. It is made of what events say and never changes,
 * and of nothing else; so its bytes are the same whenever and wherever it is made.
 */

/** Names are longer at no bank (SEPA). */
const nameMax = 70;
/** Of a control sum. */
const digitsMax = 18;

/**
 * What the file calls itself, `MsgId`, which banks take once: of the batch and its ledger, so that no two environments
 * have one between them. That of a sandbox says so, should it ever reach a bank.
 */
export function messageIdOf(ledgerId: string, { id, livemode }: PayoutBatchFacts): string {
  const mark = createHash('sha256').update(`${ledgerId}\n${id}`).digest('hex').slice(0, 12);
  return `${livemode ? '' : 'TEST-'}${id}-${mark}`;
}

/** @param pages of its payouts, in the order of the file */
export async function* pain001(
  batch: PayoutBatchFacts,
  messageId: string,
  pages: AsyncIterable<readonly PayoutFacts[]>,
): AsyncGenerator<string> {
  const { amount, count, createdAt, currency, debtor } = batch;
  const sum = amount.length > digitsMax ? '' : tag('CtrlSum', decimal(amount, currency));
  const counted = `${tag('NbOfTxs', String(count))}${sum}`;
  yield (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>\n' +
    `<GrpHdr>${tag('MsgId', messageId)}${tag('CreDtTm', createdAt)}${counted}` +
    `<InitgPty>${tag('Nm', nameOf(debtor))}</InitgPty></GrpHdr>\n` +
    // Each on a line of its own in the statement, so that it is told apart.
    `<PmtInf>${tag('PmtInfId', batch.id)}<PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>${counted}` +
    `${currency === 'EUR' ? '<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>' : ''}` +
    `<ReqdExctnDt>${tag('Dt', createdAt.slice(0, 10))}</ReqdExctnDt>` +
    `<Dbtr>${tag('Nm', nameOf(debtor))}</Dbtr>` +
    `<DbtrAcct>${accountOf(debtor)}${tag('Ccy', currency)}</DbtrAcct>` +
    `<DbtrAgt>${agentOf(debtor)}</DbtrAgt><ChrgBr>${currency === 'EUR' ? 'SLEV' : 'SHAR'}</ChrgBr>\n`
  );
  const creditors = new Map(batch.creditors.map((each) => [each.id, each]));
  let written = 0;
  for await (const page of pages) {
    written += page.length;
    yield page.map((payout) => transferOf(payout, creditors)).join('');
  }
  if (written !== count)
    throw new BrokenInvariant(`${batch.id} has ${count} payouts, and ${written} are found`);
  yield '</PmtInf>\n</CstmrCdtTrfInitn></Document>\n';
}

type Creditor = Pick<PayeeAccountFacts, 'accountHolder' | 'bic' | 'iban'>;

function transferOf(
  { amount, bankAccount, currency, destination, id, payee }: PayoutFacts,
  creditors: ReadonlyMap<string, Creditor>,
): string {
  const creditor = destination ? toConnected(destination) : (creditors.get(bankAccount) ?? payee);
  if (creditor === undefined)
    throw new BrokenInvariant(`${id} goes to ${bankAccount}, which its batch lacks`);
  const { bic } = creditor;
  return (
    `<CdtTrfTxInf><PmtId>${tag('EndToEndId', id)}</PmtId>` +
    `<Amt><InstdAmt Ccy="${currency}">${decimal(amount, currency)}</InstdAmt></Amt>` +
    `${bic === null ? '' : `<CdtrAgt>${agentOf(creditor)}</CdtrAgt>`}` +
    `<Cdtr>${tag('Nm', nameOf(creditor))}</Cdtr><CdtrAcct>${accountOf(creditor)}</CdtrAcct>` +
    `<RmtInf>${tag('Ustrd', id)}</RmtInf></CdtTrfTxInf>\n`
  );
}

/** The bank account of a connected account: what is sealed is opened. */
const toConnected = ({ accountHolder, iban }: PayoutDestinationFacts): Creditor => ({
  ...{ accountHolder: accountHolder ?? '', bic: null, iban },
});

/** What is written needs no escaping: ids, digits, and texts of `latin`. */
const tag = (name: string, text: string): string => `<${name}>${text}</${name}>`;
const accountOf = ({ iban }: Creditor): string => `<Id>${tag('IBAN', iban)}</Id>`;
const agentOf = ({ bic }: Creditor): string =>
  `<FinInstnId>${bic === null ? '<Othr><Id>NOTPROVIDED</Id></Othr>' : tag('BICFI', bic)}</FinInstnId>`;
const nameOf = ({ accountHolder }: Creditor): string => latin(accountHolder).slice(0, nameMax).trim() || '.';

const replaced: Readonly<Record<string, string>> = {
  '&': '+',
  Æ: 'AE',
  Ð: 'D',
  Ø: 'O',
  Þ: 'TH',
  ß: 'ss',
  æ: 'ae',
  ð: 'd',
  ø: 'o',
  þ: 'th',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  œ: 'oe',
  Œ: 'OE',
};
/** In the characters that all banks take (EPC217-08): without accents, and a full stop for what is not known. */
export const latin = (text: string): string =>
  [...text.normalize('NFKD').replaceAll(/\p{M}/gu, '')]
    .map((letter) => replaced[letter] ?? letter)
    .join('')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^A-Za-z0-9/\-?:().,'+ ]/gu, '.')
    .trim();
