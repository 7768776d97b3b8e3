/** Minor units of a currency with two decimals; below zero: it leaves. */
export interface StatementEntry {
  readonly amount: number;
  /** The batch of a file whose payments were booked together, without a word of any of them. */
  readonly batch?: string;
  /** What the bank calls the entry. */
  readonly bankReference?: string;
  readonly endToEndId?: string;
  readonly iban?: string;
  readonly name?: string;
  readonly reference?: string;
  readonly text?: string;
}
interface Statement {
  readonly currency: string;
  readonly entries: readonly StatementEntry[];
  readonly iban: string;
  readonly id: string;
  readonly opening: number;
}

const money = (minor: number): string => (Math.abs(minor) / 100).toFixed(2);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A bank's statement, camt.053.001.08. */
export function statementXml({ currency, entries, iban, id, opening }: Statement): string {
  const amount = (minor: number): string =>
    `<Amt Ccy="${currency}">${money(minor)}</Amt><CdtDbtInd>${minor < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
  const balance = (code: string, minor: number): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(minor)}<Dt><Dt>2026-01-05</Dt></Dt></Bal>`;
  const closing = entries.reduce((sum, entry) => sum + entry.amount, opening);
  const made = '2026-01-05T20:00:00Z';
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>' +
    `<GrpHdr><MsgId>M-${id}</MsgId><CreDtTm>${made}</CreDtTm></GrpHdr>` +
    `<Stmt><Id>${id}</Id><CreDtTm>${made}</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>${currency}</Ccy></Acct>` +
    `${balance('OPBD', opening)}${balance('CLBD', closing)}` +
    `${entries.map((entry) => `<Ntry>${amount(entry.amount)}${entryXml(entry)}</Ntry>`).join('')}` +
    '</Stmt></BkToCstmrStmt></Document>\n'
  );
}

function entryXml({
  amount,
  batch,
  bankReference,
  endToEndId,
  iban = 'GB33BUKB20201555555555',
  name = 'Somebody',
  reference,
  text,
}: StatementEntry): string {
  const party = amount < 0 ? 'Cdtr' : 'Dbtr';
  const strd = reference === undefined ? '' : `<Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd>`;
  const ustrd = text === undefined ? '' : `<Ustrd>${escaped(text)}</Ustrd>`;
  const own = bankReference === undefined ? '' : `<AcctSvcrRef>${escaped(bankReference)}</AcctSvcrRef>`;
  const entry =
    `<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-01-05</Dt></BookgDt><ValDt><Dt>2026-01-05</Dt></ValDt>${own}` +
    '<BkTxCd><Prtry><Cd>TRANSFER</Cd></Prtry></BkTxCd>';
  if (batch !== undefined) return `${entry}<NtryDtls><Btch><PmtInfId>${batch}</PmtInfId></Btch></NtryDtls>`;
  return (
    `${entry}<NtryDtls><TxDtls>` +
    `<Refs><EndToEndId>${endToEndId ?? 'NOTPROVIDED'}</EndToEndId></Refs>` +
    `<RltdPties><${party}><Pty><Nm>${escaped(name)}</Nm></Pty></${party}>` +
    `${iban === '' ? '' : `<${party}Acct><Id><IBAN>${iban}</IBAN></Id></${party}Acct>`}</RltdPties>` +
    `<RmtInf>${ustrd}${strd}</RmtInf></TxDtls></NtryDtls>`
  );
}
