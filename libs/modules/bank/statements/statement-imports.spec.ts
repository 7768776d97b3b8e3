import type { ImportBankLines } from '@fintech-ledger/bank/domain';
import { revision } from '@fintech-ledger/event-store';
import type { CommandContext, CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerOutcome, PaymentsLedgers } from '@fintech-ledger/payments/nest';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import type { ReadLine } from '../camt053/entry-lines';
import type { ReadStatement } from '../camt053/read-camt053';
import type { CollectiveDebits } from './collective-debits';
import type { PayerNames } from './payer-names';
import { StatementImports } from './statement-imports';
import type { Imported } from './statement-imports';

const none = { batchId: null, bankReference: null, endToEndId: null, partyIban: null, partyName: null };
const line: ReadLine = {
  ...{ ...none, amountMinor: 1n, bookedOn: '2026-01-05', direction: 'credit' },
  ...{ references: [], remittance: null, valueOn: null },
};
const statementOf = (statementId: string, lines: number): ReadStatement => ({
  ...{ closingMinor: BigInt(lines), currency: 'EUR', from: null, iban: 'DE89', openingMinor: 0n, to: null },
  ...{ lines: Array.from({ length: lines }, () => line), path: '/Stmt', statementId },
});

/** A writer that knows each key, and how far each statement is; it dies before the part that it is told. */
class Writer {
  readonly keys = new Map<string, string>();
  diesBefore = Infinity;
  /** How many lines an append takes. */
  takes = Infinity;
  private readonly imported = new Map<string, number>();
  private at = -1;

  async submit({ from, lines, statement }: ImportBankLines, context: CommandContext): Promise<LedgerOutcome> {
    const { dryRun, idempotencyKey: key = '' } = context;
    const first = this.keys.get(key);
    if (first !== undefined) return this.told(first, true);
    if (!dryRun && lines.length > this.takes) {
      const refusal = { code: 'bulk_too_large', detail: 'it is too much' };
      return { outcome: { kind: 'refused', refusal }, owner: 'led_1' };
    }
    if (!dryRun && this.diesBefore-- === 0) throw new Error('the process died');
    const before = this.imported.get(statement.id) ?? 0;
    const isBefore = before === statement.lines;
    const isNext = !isBefore && from === before;
    const imported = before + (isNext ? lines.length : 0);
    if (!dryRun) this.at += 1;
    const position = `led_1@${this.at}`;
    const view = { lines: statement.lines, lines_imported: imported, position };
    const answer = JSON.stringify({ ...view, ...(isBefore && { imported_before: true }) });
    if (!dryRun) this.imported.set(statement.id, imported);
    if (!dryRun && key !== '') this.keys.set(key, answer);
    return this.told(answer, false);
  }

  private told(answer: string, replayed: boolean): LedgerOutcome {
    const outcome: CommandOutcome = { kind: 'accepted', answer, replayed, revision: revision(this.at) };
    return { outcome, owner: 'led_1' };
  }
}

function setUp() {
  const writer = new Writer();
  /** How often something was done for a line. */
  const done = { claims: 0, lookUps: 0, released: 0, trials: 0 };
  const there = { kind: 'there', ledger: { id: 'led_1' } };
  const ledgers = { find: async () => there } as unknown as PaymentsLedgers;
  const keys = {
    idOf: (_organization: string, name: string) => `sub_${name}`,
    trial: (id: string) => ((done.trials += 1), { id, key: null }),
    claim: async (organizationId: string, id: string) => {
      done.claims += 1;
      return { organizationId, subject: { id, key: null }, isNew: true, token: '' };
    },
    keep: async () => undefined,
    release: async () => void (done.released += 1),
  } as unknown as SubjectKeys;
  const names = { find: async () => ((done.lookUps += 1), null) } as unknown as PayerNames;
  const collective = { split: async (read: ReadStatement) => read } as unknown as CollectiveDebits;
  const imports = new StatementImports(writer, ledgers, keys, names, collective);
  const send = (
    file: readonly ReadStatement[],
    idempotencyKey?: string,
    dryRun = false,
  ): Promise<Imported> => {
    const keyed = idempotencyKey === undefined ? {} : { idempotencyKey, requestHash: 'h' };
    const context = { ...keyed, organizationId: 'org_1', actor: 'key_1', correlationId: 'req_1' };
    return imports.import(file, { context: { ...context, dryRun }, livemode: false });
  };
  return { done, writer, send };
}

describe('an import of statements', () => {
  const file = [statementOf('1', 230), statementOf('2', 1), statementOf('3', 101)];

  it.each([0, 1, 2, 3, 4, 5])('goes on under its key where it ended, after %i parts', async (parts) => {
    const { writer, send } = setUp();
    writer.diesBefore = parts;
    await expect(send(file, 'january')).rejects.toThrow('the process died');
    writer.diesBefore = Infinity;
    const whole = await send(file, 'january');
    expect(whole.isReplay).toBe(false);
    const told = whole.statements.map(({ view }) => [view.lines_imported, view.imported_before]);
    expect(told).toEqual([
      [230, false],
      [1, false],
      [101, false],
    ]);
    expect(await send(file, 'january')).toEqual({
      isReplay: true,
      statements: whole.statements.map((each) => ({ ...each, isReplay: true })),
    });
    expect(writer.keys.size).toBe(6);
  });

  it.each([false, true])('looks at no line of what was answered before (dry run: %s)', async (dryRun) => {
    const { done, send } = setUp();
    const whole = await send(file, 'january');
    expect(done).toEqual({ claims: 332, lookUps: 332, released: 0, trials: 0 });
    const { isReplay, statements } = await send(file, 'january', dryRun);
    expect([isReplay, statements.map(({ view }) => view)]).toEqual([
      true,
      whole.statements.map(({ view }) => view),
    ]);
    expect(done).toEqual({ claims: 332, lookUps: 332, released: 0, trials: 0 });
  });

  it.each([
    [true, { claims: 200, lookUps: 332, released: 0, trials: 132 }],
    [false, { claims: 332, lookUps: 332, released: 0, trials: 0 }],
  ])('looks at the lines alone that were not answered before (dry run: %s)', async (dryRun, looked) => {
    const { done, send, writer } = setUp();
    writer.diesBefore = 2;
    await expect(send(file, 'january')).rejects.toThrow('the process died');
    // Of the part that nobody heard of, too.
    expect(done).toEqual({ claims: 230, lookUps: 230, released: 0, trials: 0 });
    Object.assign(done, { claims: 200, lookUps: 200 });
    writer.diesBefore = Infinity;
    expect((await send(file, 'january', dryRun)).isReplay).toBe(false);
    expect(done).toEqual(looked);
  });

  it('goes on in parts of what an append takes, whatever it took before', async () => {
    const { done, writer, send } = setUp();
    writer.takes = 30;
    writer.diesBefore = 3;
    await expect(send(file, 'january')).rejects.toThrow('the process died');
    const at = (place: string): string => `january\u001fstatement/${place}`;
    expect([...writer.keys.keys()]).toEqual(['january', at('0@25'), at('0@50')]);
    // Of 100 lines there were 25 at first; after that no more were tried.
    expect(done).toMatchObject({ claims: 175, released: 75 });
    Object.assign(writer, { diesBefore: Infinity, takes: 60 });
    const whole = await send(file, 'january');
    expect(whole.statements.map(({ view }) => view.lines_imported)).toEqual([230, 1, 101]);
    const first = ['january', at('0@25'), at('0@50'), at('0@75'), at('0@125'), at('0@175'), at('0@225')];
    expect([...writer.keys.keys()]).toEqual([...first, at('1'), at('2'), at('2@50'), at('2@100')]);
    expect(await send(file, 'january')).toMatchObject({ isReplay: true });
  });

  it('has parts whose keys are no lines of a bulk', async () => {
    const { send, writer } = setUp();
    await send(file, 'january');
    const part = (place: string): string => `january\u001fstatement/${place}`;
    expect([...writer.keys.keys()]).toEqual([
      ...['january', part('0@100'), part('0@200'), part('1'), part('2'), part('2@100')],
    ]);
  });

  it('answers the same again, where the rest was imported by another request', async () => {
    const { writer, send } = setUp();
    writer.diesBefore = 2;
    await expect(send(file, 'january')).rejects.toThrow('the process died');
    writer.diesBefore = Infinity;
    expect((await send(file)).isReplay).toBe(false);
    const whole = await send(file, 'january');
    const again = await send(file, 'january');
    expect(again.statements.map(({ view }) => view)).toEqual(whole.statements.map(({ view }) => view));
    expect([whole.isReplay, again.isReplay]).toEqual([false, true]);
  });

  it('keeps no key where there is none', async () => {
    const { writer, send } = setUp();
    for (const isBefore of [false, true]) {
      const { isReplay, statements } = await send(file);
      expect([isReplay, ...statements.map(({ view }) => view.imported_before)]).toEqual([
        ...[false, isBefore, isBefore, isBefore],
      ]);
    }
    expect(writer.keys.size).toBe(0);
  });
});
