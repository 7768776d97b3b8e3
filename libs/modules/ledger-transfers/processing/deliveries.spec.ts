import { revision } from '@fintech-ledger/event-store';
import { ownKeyMark, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome, IntendedEffect } from '@fintech-ledger/journal';
import { Deliveries } from './deliveries';

const effect = {
  ...{ kind: 'deliver', key: 'lt_1', attempt: 3, module: 'ledger-transfers' },
  ...{ stream: 'journal-led_1', organizationId: 'org_1' },
  data: { type: 'ReceiveLedgerTransfer', transferId: 'lt_1', to: { ledger: 'led_2', account: 'cash' } },
} satisfies IntendedEffect;
const said = (answer: object): CommandOutcome => ({
  ...{ kind: 'accepted', answer: JSON.stringify(answer), revision: revision(1), replayed: false },
});
const received = { failureCode: null, failureMessage: null, id: 'lt_1', transaction: 'txn_1' };

/** Runs it with what the other ledger does at each attempt. */
async function deliver(...does: readonly (CommandOutcome | Error)[]) {
  const sent: CommandEnvelope[] = [];
  const submit = (envelope: CommandEnvelope): Promise<CommandOutcome> => {
    const next = does[sent.length];
    sent.push(envelope);
    return next instanceof Error || next === undefined
      ? Promise.reject(next ?? new Error('too many'))
      : Promise.resolve(next);
  };
  const ends = new Deliveries({ submit }, 1_000).run(effect, new AbortController().signal);
  return { sent, outcome: await ends.catch((error: unknown) => error) };
}

describe('a ledger that is told of a transfer', () => {
  it('is told under a key of the transfer alone, which no client can send', async () => {
    const { sent, outcome } = await deliver(said(received));
    expect(sent).toMatchObject([
      { stream: 'journal-led_2', organizationId: 'org_1', actor: 'system', command: effect.data },
    ]);
    expect(sent[0]?.idempotencyKey).toBe(`ledger-transfer${ownKeyMark}lt_1`);
    expect(outcome).toEqual({
      ...{ type: 'RecordLedgerTransferOutcome', transferId: 'lt_1' },
      outcome: { kind: 'received', transaction: 'txn_1' },
    });
  });

  it('says why it declines', async () => {
    const declined = {
      ...received,
      transaction: null,
      failureCode: 'account_closed',
      failureMessage: 'closed',
    };
    expect((await deliver(said(declined))).outcome).toMatchObject({
      outcome: { kind: 'declined', failureCode: 'account_closed', failureMessage: 'closed' },
    });
  });

  it('is told again while its writer is looked for, the same way', async () => {
    const { sent, outcome } = await deliver(
      new WriterUnavailable('moved'),
      new Error('lost'),
      said(received),
    );
    expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect([sent.length, outcome]).toMatchObject([3, { outcome: { kind: 'received' } }]);
  });

  it('leaves it open where nothing is known, or it does not judge', async () => {
    const refusal = { code: 'unauthenticated', detail: 'No.' };
    expect((await deliver({ kind: 'refused', refusal })).outcome).toEqual(
      new Error('led_2 does not judge lt_1, unauthenticated: No.'),
    );
    const lost = Array.from({ length: 50 }, () => new WriterUnavailable('nobody writes it'));
    expect((await deliver(...lost)).outcome).toBeInstanceOf(WriterUnavailable);
  });
});
