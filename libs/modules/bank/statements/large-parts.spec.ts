import 'reflect-metadata';
import { bankPart } from '@fintech-ledger/bank';
import { bankEvents } from '@fintech-ledger/bank/domain';
import type { BankCommand } from '@fintech-ledger/bank/domain';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, joinedDomain, silentObserver } from '@fintech-ledger/journal';
import type { AnyJoinable, AnyPart, CommandEnvelope, EffectRunner } from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';
import { paymentsPart } from '@fintech-ledger/payments';
import { bankTransferRail, paymentEvents } from '@fintech-ledger/payments/domain';
import { LedgerCommands } from '@fintech-ledger/payments/nest';
import type { PaymentsLedgers } from '@fintech-ledger/payments/nest';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import type { ReadLine } from '../camt053/entry-lines';
import type { ReadStatement } from '../camt053/read-camt053';
import type { CollectiveDebits } from './collective-debits';
import type { PayerNames } from './payer-names';
import { StatementImports } from './statement-imports';
import type { Imported } from './statement-imports';

const stream = 'journal-led_1';
const now = '2026-01-05T12:00:00.000Z';
const lines = 101;
const domain = joinedDomain(
  ledgerEvents.with(paymentEvents).with(bankEvents),
  { payments: paymentsPart as AnyPart, bank: bankPart as AnyPart },
  ledgerDomain as AnyJoinable,
);
/** What a client may say of a payment at most, which each of its events says again. */
const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'v'.repeat(500)]));
const newPayment = {
  type: 'CreatePayment',
  ...{ amount: '100', captureMethod: 'automatic', confirm: true, currency: 'EUR', customer: null },
  ...{ description: null, livemode: false, metadata, offSession: false, paymentMethod: null },
  ...{ rail: bankTransferRail, returnUrl: null, transferGroup: null },
} as const;
const who = { actor: 'key_1', correlationId: 'req_1', organizationId: 'org_1' };
const there = { kind: 'there', ledger: { id: 'led_1' } };
const ledgers = { find: async () => there } as unknown as PaymentsLedgers;

/** Books with payments that wait for their transfers, in a store that takes so much at once. */
async function books(appendBytesMax: number) {
  let asked = 0;
  const effects: EffectRunner = {
    run: ({ data, key }) => {
      const { payment } = data as { readonly payment: string };
      const railReference = `RF${asked++}`;
      const outcome = { kind: 'requires_transfer', railReference, expiresAt: '2026-01-19T12:00:00.000Z' };
      return Promise.resolve({ type: 'RecordRailOutcome', payment, refund: null, call: key, outcome });
    },
  };
  const eventStore = new MemoryEventStore({
    appendBytesMax,
    appendEventsMax: 12_000,
    eventOverheadBytes: 64,
  });
  const writer = new JournalWriter(
    stream,
    {
      ...{ domain, eventStore, checkpoints: new MemoryCheckpointStore(), effects },
      ...{ observer: silentObserver, newCommandId: () => crypto.randomUUID() },
      clock: { nowMs: () => Date.parse(now) },
    },
    { cacheRecords: 10_000 },
  );
  await writer.load();
  const gateway = { submit: (sent: CommandEnvelope) => writer.submit(sent as never) };
  const commands = new LedgerCommands<BankCommand, never>(gateway as never, ledgers, bankPart as never);
  const kept = new Set<string>();
  const keys = {
    idOf: (_organization: string, name: string) => `sub_${Buffer.from(name).toString('hex')}`,
    claim: async (organizationId: string, id: string) => {
      kept.add(id);
      return { organizationId, subject: { id, key: null }, isNew: true, token: '' };
    },
    keep: async () => undefined,
    release: async ({ subject }: { readonly subject: { readonly id: string } }) => kept.delete(subject.id),
  } as unknown as SubjectKeys;
  const names = { find: async () => null } as unknown as PayerNames;
  const collective = { split: async (read: ReadStatement) => read } as unknown as CollectiveDebits;
  const imports = new StatementImports(commands, ledgers, keys, names, collective);
  const all = async () => {
    const events = await eventStore.readStream(stream, { limit: 5_000 });
    return events.map(({ data, type }) => ({ type, data: JSON.parse(data) as Record<string, unknown> }));
  };
  return {
    ...{ all, kept },
    stop: () => writer.stop(new Error('over')),
    pay: async (count: number) => {
      for (let n = 0; n < count; n += 1)
        await writer.submit({ ...who, stream, command: newPayment as never });
    },
    send: (idempotencyKey: string): Promise<Imported> =>
      imports.import([statement], {
        context: { ...who, dryRun: false, idempotencyKey, requestHash: 'h' },
        livemode: false,
      }),
  };
}
const lineOf = (n: number): ReadLine => ({
  ...{
    amountMinor: 100n,
    bankReference: `B${n}`,
    batchId: null,
    bookedOn: '2026-01-05',
    direction: 'credit',
  },
  ...{ endToEndId: null, partyIban: null, partyName: null, references: [`RF${n}`], remittance: null },
  valueOn: null,
});
const statement: ReadStatement = {
  ...{ closingMinor: BigInt(lines) * 100n, currency: 'EUR', from: null, iban: 'DE89370400440532013000' },
  ...{ lines: Array.from({ length: lines }, (_, n) => lineOf(n)), openingMinor: 0n, path: '/Stmt' },
  ...{ statementId: '1', to: null },
};

describe('a statement whose lines book more than an append takes', () => {
  it('is imported in smaller parts, in its order, and once', async () => {
    const { all, kept, pay, send, stop } = await books(1_024 * 1_024);
    await pay(lines);
    const first = await send('january');
    expect(first).toMatchObject({
      isReplay: false,
      statements: [{ view: { lines, lines_imported: lines, matched: lines, imported_before: false } }],
    });
    const events = await all();
    const booked = events.flatMap(({ data, type }) =>
      type === 'BankLineBooked'
        ? [(data['bankLine'] as { readonly bankReference: string }).bankReference]
        : [],
    );
    expect(booked).toEqual(statement.lines.map(({ bankReference }) => bankReference));
    expect(events.filter(({ type }) => type === 'PaymentCaptured')).toHaveLength(lines);
    // As many as an append took are one part.
    const parts = events.filter(({ type }) => type === 'BankStatementImported');
    expect(
      parts.map(({ data }) => (data['bankStatement'] as { linesImported: number }).linesImported),
    ).toEqual([25, 50, 75, 100, 101]);
    expect(kept.size).toBe(lines);
    expect(await send('january')).toEqual({
      isReplay: true,
      statements: first.statements.map((each) => ({ ...each, isReplay: true })),
    });
    expect(await send('february')).toMatchObject({
      isReplay: false,
      statements: [{ view: { lines_imported: lines, imported_before: true } }],
    });
    expect((await all()).filter(({ type }) => type === 'BankLineBooked')).toHaveLength(lines);
    stop();
  });

  it('is refused as long as one line alone is too much', async () => {
    const { all, kept, send, stop } = await books(1_024);
    const refused = send('january');
    await expect(refused).rejects.toMatchObject({ code: 'bulk_too_large', status: 400 });
    expect([await all(), kept.size]).toEqual([[], 0]);
    stop();
  });
});
