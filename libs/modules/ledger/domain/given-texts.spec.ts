import { at, given } from '../../../testing/decider-specification';
import { open, post, transfer } from '../../../testing/ledger/command-builders';
import { metadataOf } from '../../../testing/metadata-of';
import type { LedgerCommand } from './commands';
import { decideDirectory } from './directory';
import type { DirectoryCommand } from './directory';

/** A character that is two units of UTF-16. */
const long = (length: number): string => '😀'.repeat(length);
const history = [
  at('2026-06-01T00:00:00.000Z'),
  open('cash', 'asset'),
  open('equity', 'equity'),
  post(transfer('cash', 'equity', '1')),
];
const commands = {
  PostTransaction: (terms: object) => post(transfer('cash', 'equity', '1'), terms),
  ReverseTransaction: (terms: object) => ({ type: 'ReverseTransaction', transactionId: 'txn_2', ...terms }),
  ClosePeriod: (terms: object) => ({
    type: 'ClosePeriod',
    through: '2026-01-01T00:00:00Z',
    reason: 'x',
    ...terms,
  }),
  OpenAccount: (terms: object) => open('other', 'asset', terms),
  AmendAccount: (terms: object) => ({ type: 'AmendAccount', address: 'cash', ...terms }),
} as const;
type Type = keyof typeof commands;
const command = (type: Type, terms: object): LedgerCommand => commands[type](terms) as LedgerCommand;

const texts: readonly (readonly [Type, string, number])[] = [
  ['PostTransaction', 'description', 1_000],
  ['PostTransaction', 'reference', 255],
  ['ReverseTransaction', 'description', 1_000],
  ['ClosePeriod', 'reason', 1_000],
];
const annotated: readonly Type[] = ['PostTransaction', 'ReverseTransaction', 'OpenAccount', 'AmendAccount'];

describe('what commands say, whatever door they came through', () => {
  it.each(texts)('%s: %s', (type, field, max) => {
    given(...history)
      .when(command(type, { [field]: long(max) }))
      .then({} as never);
    given(...history)
      .when(command(type, { [field]: long(max + 1) }))
      .thenRefused('invalid_value', `/${field}`);
  });

  it.each(annotated)('%s: metadata', (type) => {
    const taken = [
      metadataOf(50),
      { ['k'.repeat(64)]: long(500) },
      { k: `sealed:1:metadata:sub_1:${'A'.repeat(4_900)}` },
    ];
    for (const metadata of taken)
      given(...history)
        .when(command(type, { metadata }))
        .then({} as never);
    const refused: readonly (readonly [object, string])[] = [
      [metadataOf(51), '/metadata'],
      [{ '': 'v' }, '/metadata'],
      [{ ['k'.repeat(65)]: 'v' }, '/metadata'],
      [{ k: long(501) }, '/metadata/k'],
      [{ k: `sealed:1:${'A'.repeat(5_000)}` }, '/metadata/k'],
    ];
    for (const [metadata, param] of refused)
      given(...history)
        .when(command(type, { metadata }))
        .thenRefused('invalid_metadata', param);
  });

  it('are bounded also where an account of an imported file had more metadata', () => {
    const amended = (count: number) =>
      ({ ...command('AmendAccount', { metadata: metadataOf(count) }), isImport: true }) as LedgerCommand;
    given(...history)
      .when(amended(1_000))
      .then({ type: 'AccountAmended' });
    given(...history)
      .when(amended(1_001))
      .thenRefused('invalid_metadata', '/metadata');
  });

  it.each<[DirectoryCommand, string, string]>([
    [{ type: 'CreateLedger', name: long(256) }, 'invalid_value', '/name'],
    [{ type: 'CreateLedger', name: 'x', description: long(1_001) }, 'invalid_value', '/description'],
    [{ type: 'CreateLedger', name: 'x', metadata: { k: long(501) } }, 'invalid_metadata', '/metadata/k'],
    [{ type: 'DeclareUnit', code: 'POINTS', exponent: 0, name: long(256) }, 'invalid_value', '/name'],
    [{ type: 'DeclareUnit', code: 'POINTS', exponent: 0, name: '' }, 'invalid_value', '/name'],
  ])('of an organization: %j', (asked, code, param) => {
    const context = { now: '2026-06-01T00:00:00.000Z', newId: () => 'led_1' };
    expect(decideDirectory({ get: () => undefined }, asked, context)).toMatchObject({
      kind: 'refused',
      refusal: { code, param },
    });
  });
});
