import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Refused } from '@fintech-ledger/projection-runtime';
import { installOnce, runTool } from './support/installed-tools';
import { statementCamt053, statementShape } from '@fintech-ledger/audit';
import type { Statement } from '@fintech-ledger/audit';

jest.setTimeout(120_000);

const now = '2026-02-01T00:00:00.000Z';
const example = statementShape.example;
const [line] = example.entries;
if (line === undefined) throw new Error('the example has no entry');
const balance = (debits: string, credits: string) => ({ debits, credits, balance: '0' });
const nasty = `<&> "quotes" \u0000\u0007 \uD800 ${'ü😀'.repeat(400)}`;

const statements: readonly (readonly [string, Statement])[] = [
  ['the example', example],
  ['one without entries', { ...example, entries: [] }],
  ['a currency without decimals', { ...example, currency: 'JPY' }],
  ['a currency of four decimals', { ...example, currency: 'CLF' }],
  [
    'many entries, a long address, and texts that XML has no place for',
    {
      ...example,
      account: `${'merchants:'.repeat(25)}x`,
      opening_balance: balance('5', '1'),
      closing_balance: balance('999999999999999999', '1'),
      entries: [
        { ...line, direction: 'debit', amount: '1', description: nasty },
        { ...line, event: { ...line.event, type: 'TransactionReversed' }, description: '' },
        { ...line, transaction: `txn_${'0'.repeat(26)}`, description: null },
      ],
    },
  ],
];

describe('a statement as camt.053', () => {
  const environment = path.resolve(__dirname, '../.cache/pyiso20022/1.6.2');
  const python = path.join(environment, 'bin', 'python');
  const script = path.resolve(__dirname, './support/camt053_check.py');
  let folder = '';

  const checked = (xml: string): string => {
    const file = path.join(folder, 'statement.xml');
    writeFileSync(file, xml);
    return runTool(python, [script, file]).trim();
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'camt053-'));
    installOnce(environment, () => {
      runTool('python3', ['-m', 'venv', environment]);
      const quietly = ['--quiet', '--disable-pip-version-check'];
      runTool(python, ['-m', 'pip', 'install', ...quietly, 'pyiso20022==1.6.2', 'xsdata==26.10']);
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(statements)('is valid against the schema: %s', (_, statement) => {
    expect(checked(statementCamt053(statement, now))).toBe('valid');
  });

  it('is not, where it lacks something, has more, or has it in another order', () => {
    const xml = statementCamt053(example, now);
    for (const broken of [
      xml.replace(/<Cd>OPBD<\/Cd>/, '<Cd>OPENING</Cd>'),
      xml.replace(/<Sts>.*?<\/Sts>/, ''),
      xml.replace('<NtryRef>', '<Note>x</Note><NtryRef>'),
      xml.replace(/(<GrpHdr>)(<MsgId>.*?<\/MsgId>)(<CreDtTm>.*?<\/CreDtTm>)/, '$1$3$2'),
      xml.replace('Ccy="USD"', 'Ccy="US"'),
    ]) {
      expect(broken).not.toBe(xml);
      expect(() => checked(broken)).toThrow();
    }
  });

  it('says opening and closing balance, and the entries between, in major units', () => {
    const opened = { ...example, opening_balance: balance('250', '0') };
    const xml = statementCamt053(opened, now);
    expect(xml).toMatch(/OPBD.*?<Amt Ccy="USD">2\.50<\/Amt><CdtDbtInd>DBIT/);
    expect(xml).toMatch(/<Ntry>.*<Amt Ccy="USD">97\.00<\/Amt><CdtDbtInd>CRDT.*<\/Ntry>/);
    expect(statementCamt053(opened, '2027-01-01T00:00:00.000Z')).toContain(/<MsgId>\w{32}</.exec(xml)?.[0]);
  });

  it.each([
    ['a unit of its own', { ...example, currency: 'POINTS' }],
    ['a currency without minor unit', { ...example, currency: 'XAU' }],
    ['an amount of 19 digits', { ...example, closing_balance: balance('1'.repeat(19), '0') }],
  ])('is refused for %s', (_, statement) => {
    let refused: unknown;
    try {
      statementCamt053(statement, now);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(Refused);
    expect((refused as Refused).refusal.code).toBe('statement_not_expressible');
  });
});
