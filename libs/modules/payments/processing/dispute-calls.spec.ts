import type { IntendedEffect } from '@fintech-ledger/journal';
import { PersonalValues, sealValue } from '@fintech-ledger/privacy';
import type { KnownSubject } from '@fintech-ledger/privacy';
import type { DisputeAnswer, Rail, TellAnswer } from '../rails/rail';
import { railCalls } from './rail-calls';

const noBooks = { items: () => Promise.resolve([]) };
const at = '2026-01-06T12:00:00.000Z';
const data = { at, currency: 'USD', livemode: false, payment: 'pay_1', rail: 'test' };
const ask = { kind: 'ask_dispute', key: 'pay_1:dispute', data: { ...data, dispute: null } };
const askAbout = { ...ask, key: 'evidence_1', data: { ...data, dispute: 'dp_1', isOverdue: false } };
const tell = {
  kind: 'tell_dispute',
  key: 'evidence_1',
  data: { ...data, dispute: 'dp_1', files: [], kind: 'evidence', railReference: 'r_1', text: 'x' },
};
const disputed: DisputeAnswer = {
  kind: 'disputed',
  ...{ amountMinor: 10_000n, currency: 'USD', evidenceDueBy: at, feeMinor: 1_500n, outcome: null },
  ...{ railReference: 'r_1', reason: 'fraudulent' },
};

/**
 * What is recorded of an effect when the rail says this, or is silent.
 * @param subjects whose keys there are @param heard what the rail was asked
 */
async function recorded(
  effect: object,
  answer: DisputeAnswer | TellAnswer | Error,
  subjects: () => Promise<readonly KnownSubject[]> = () => Promise.resolve([]),
  heard: unknown[] = [],
  callMsMax = 5_000,
): Promise<unknown> {
  const said = (call: unknown) => {
    heard.push(call);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const rail = { dispute: said, tell: said } as unknown as Rail;
  const values = new PersonalValues({
    select: async () => new Map((await subjects()).map((each) => [each.id, each])),
  });
  const log = { warn: () => undefined };
  const { run } = railCalls({ books: noBooks, callMsMax, rails: new Map([['test', rail]]), log, values });
  const intended = {
    ...effect,
    attempt: 1,
    module: 'payments',
    organizationId: 'sbx_1',
    stream: 'journal-led_1',
  };
  return run(intended as unknown as IntendedEffect, new AbortController().signal);
}

describe('a rail that is asked whether a payment is disputed', () => {
  it('is recorded with what it says, amounts as texts', async () => {
    expect(await recorded(ask, disputed)).toEqual({
      type: 'RecordDispute',
      payment: 'pay_1',
      call: 'pay_1:dispute',
      news: {
        kind: 'disputed',
        ...{ amount: '10000', evidenceDueBy: at, fee: '1500', railReference: 'r_1', reason: 'fraudulent' },
      },
    });
    expect(await recorded(ask, { kind: 'not_disputed' })).toMatchObject({ news: { kind: 'not_disputed' } });
  });

  it('is asked again where it says nothing, or of another currency: nothing is recorded', async () => {
    await expect(recorded(ask, new Error('silent'))).rejects.toThrow('silent');
    await expect(recorded(ask, { ...disputed, currency: 'EUR' })).rejects.toThrow('something else');
    await expect(recorded(ask, { kind: 'taken' })).rejects.toThrow('something else');
  });
});

describe('a rail that is told of a dispute', () => {
  it.each([
    [{ kind: 'taken' }, { kind: 'taken' }],
    [
      { kind: 'taken', askAt: at },
      { kind: 'taken', askAt: at },
    ],
    [
      { kind: 'decided', outcome: 'lost' },
      { kind: 'decided', outcome: 'lost' },
    ],
    [new Error('silent'), { kind: 'unknown' }],
  ] as const)('is recorded: %j', async (answer, outcome) => {
    const said = { type: 'RecordDisputeResponse', dispute: 'dp_1', call: 'evidence_1', outcome };
    expect(await recorded(tell, answer)).toEqual(said);
  });

  describe('of what is sealed', () => {
    const subject = { id: 'sub_1', key: Buffer.alloc(32, 7) };
    const sealed = (value: string) => sealValue(subject, 'dispute.evidence.part', value);
    const text = 'Signed for by "Jenny": sealed:1:dispute.evidence.part:sub_1:none';
    const files = [{ name: 'Jenny.pdf', sha256: 'ab'.repeat(32) }];
    const sealedFiles = files.map(({ name, sha256 }) => ({ name: sealed(name), sha256 }));
    const effect = { ...tell, data: { ...tell.data, files: sealedFiles, text: sealed(text) } };
    const taken = { kind: 'taken' } as const;

    it('learns it as it was given', async () => {
      const heard: unknown[] = [];
      await recorded(effect, taken, () => Promise.resolve([subject]), heard);
      expect(heard).toEqual([expect.objectContaining({ text, files, response: 'evidence' })]);
    });

    it('learns nothing of it that was erased before', async () => {
      const heard: unknown[] = [];
      await recorded(effect, taken, () => Promise.resolve([{ id: subject.id, key: null }]), heard);
      expect(heard).toEqual([expect.objectContaining({ text: null, files: [] })]);
    });

    it('is told again when the keys can be read', async () => {
      const heard: unknown[] = [];
      const withheld = () => Promise.reject(new Error('the keys are withheld'));
      const unknown = await recorded(effect, taken, withheld, heard, 250);
      expect(unknown).toMatchObject({ outcome: { kind: 'unknown' } });
      expect(heard).toEqual([]);
    });

    it('waits for keys that are withheld for a moment, as they are after a start', async () => {
      const heard: unknown[] = [];
      let withheld = 2;
      const soon = () =>
        withheld-- > 0 ? Promise.reject(new Error('the keys are withheld')) : Promise.resolve([subject]);
      expect(await recorded(effect, taken, soon, heard)).toMatchObject({ outcome: { kind: 'taken' } });
      expect(heard).toHaveLength(1);
    });
  });

  it.each([
    [disputed, { kind: 'undecided' }],
    [
      { ...disputed, outcome: 'won' },
      { kind: 'decided', outcome: 'won' },
    ],
  ] as const)('is asked about it later: %#', async (answer, outcome) => {
    expect(await recorded(askAbout, answer)).toMatchObject({ type: 'RecordDisputeResponse', outcome });
  });

  it('that knows nothing of it, or has not decided it in months, is an alarm: nothing is recorded', async () => {
    const overdue = { ...askAbout, data: { ...askAbout.data, isOverdue: true } };
    await expect(recorded(askAbout, { kind: 'not_disputed' })).rejects.toThrow('does not know');
    await expect(recorded(overdue, disputed)).rejects.toThrow('in months');
    expect(await recorded(overdue, { ...disputed, outcome: 'lost' })).toMatchObject({
      outcome: { kind: 'decided', outcome: 'lost' },
    });
  });
});
