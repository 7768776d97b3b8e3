import { revision, StoreUnavailable } from '@fintech-ledger/event-store';
import { refuse } from '@fintech-ledger/contract';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { submitWithPatience } from './submit-with-patience';

const accepted: CommandOutcome = { kind: 'accepted', answer: '{}', revision: revision(0), replayed: false };
const refused: CommandOutcome = {
  kind: 'refused',
  refusal: refuse({ code: 'insufficient_funds' }, 'none left'),
};
const keyReused: CommandOutcome = {
  kind: 'refused',
  refusal: refuse({ code: 'idempotency_key_reused' }, 'another request'),
};
const unkeyed: CommandEnvelope = {
  stream: 'journal-a',
  organizationId: 'org_1',
  actor: 'key_1',
  correlationId: 'req_1',
  command: {},
};
const keyed: CommandEnvelope = { ...unkeyed, idempotencyKey: 'k', requestHash: 'h' };
const lost = new CommandOutcomeUnknown('lost');
const unavailable = new WriterUnavailable('unavailable');

describe('submitting with patience', () => {
  let attempts: number;
  const submit = (
    envelope: CommandEnvelope,
    answers: readonly (CommandOutcome | Error)[],
    patienceMs = 10_000,
  ): Promise<CommandOutcome> => {
    attempts = 0;
    const attempt = async (): Promise<CommandOutcome> => {
      const answer = answers[Math.min(attempts, answers.length - 1)] as CommandOutcome | Error;
      attempts += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return submitWithPatience(envelope, attempt, { patienceMs, retryMs: 1 });
  };

  it('sends again what was not written, with a key or without', async () => {
    expect(await submit(unkeyed, [unavailable, new StoreUnavailable('x'), accepted])).toBe(accepted);
    expect(attempts).toBe(3);
    await expect(submit(unkeyed, [new StoreUnavailable('x')], 10)).rejects.toThrow(WriterUnavailable);
  });

  it.each([lost, new Error('never heard of'), new TypeError('a bug')])(
    'sends a command without a key never again after "%s"',
    async (error) => {
      await expect(submit(unkeyed, [error, accepted])).rejects.toThrow(CommandOutcomeUnknown);
      expect(attempts).toBe(1);
      await expect(submit(unkeyed, [unavailable, error, accepted])).rejects.toThrow(CommandOutcomeUnknown);
      expect(await submit(keyed, [error, accepted])).toBe(accepted);
    },
  );

  it('never says that nothing was written once an attempt may have been', async () => {
    for (const answer of [unavailable, new StoreUnavailable('x'), new Error('x'), refused]) {
      await expect(submit(keyed, [lost, answer], 10)).rejects.toThrow(CommandOutcomeUnknown);
    }
    expect(await submit(keyed, [lost, keyReused])).toBe(keyReused);
    expect(await submit(keyed, [refused])).toBe(refused);
  });

  it('tells at once that a command is written when only its answer is missing', async () => {
    const booked = new AnswerUnavailable('journal-a', revision(7), 'not read');
    await expect(submit(keyed, [lost, booked])).rejects.toBe(booked);
    expect(attempts).toBe(2);
  });

  it('does not wait when waiting is no use', async () => {
    const final = new WriterUnavailable('the store is unavailable', 2, { isFinal: true });
    await expect(submit(keyed, [final])).rejects.toBe(final);
    expect(attempts).toBe(1);
    const hopeless = submitWithPatience(keyed, async () => accepted, {
      patienceMs: 250,
      hopeless: () => final,
    });
    await expect(hopeless).rejects.toBe(final);
  });
});
