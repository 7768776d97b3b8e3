import { charge, next, signal } from './contract-calls';
import type { AuthorizeCall, Rail } from './rail';

/** A rail that is asked about test payment methods, and what a suite needs to know of it. */
export interface RailUnderTest {
  readonly rail: Rail;
  /** Another one that knows the same: what another process would have. */
  readonly again: () => Rail;
  /** Payment methods of the rail that do what they are called by. */
  readonly methods: {
    readonly succeeds: string;
    readonly declined: string;
    readonly needsAction: string;
    readonly silentApproved: string;
    readonly silentDeclined: string;
    readonly refundFails: string;
    /** Its capture says when it is disputed. */
    readonly disputed: string;
  };
  /** A call with this can't be taken. */
  readonly broken: Partial<AuthorizeCall>;
}

/** A rail of any kind, and a payment method of it; null: it needs none. */
export interface AnyRailUnderTest extends Pick<RailUnderTest, 'again' | 'rail'> {
  readonly paymentMethod: string | null;
}

/** What every rail promises: each key is done once, whatever was answered, and asking tells what it came to. */
export function everyRailContract(open: () => Promise<AnyRailUnderTest>): void {
  let under: AnyRailUnderTest;
  beforeAll(async () => {
    under = await open();
  });

  describe('any rail', () => {
    it('answers a key again as it did first, also to another process, and at another time', async () => {
      const call = charge(under.paymentMethod);
      const answers = await Promise.all([1, 2, 3].map(() => under.rail.authorize(call, signal)));
      answers.push(await under.again().authorize({ ...call, at: '2026-01-05T13:00:00.000Z' }, signal));
      for (const again of answers.slice(1)) expect(again).toEqual(answers[0]);
    });

    it('keeps the keys of environments, and the references of payments, apart', async () => {
      const call = charge(under.paymentMethod);
      const one = await under.rail.authorize(call, signal);
      for (const other of [{ environment: 'org_2' }, { payment: 'pay_other', key: `${call.key}_other` }])
        expect(await under.rail.authorize({ ...call, ...other }, signal)).not.toEqual(one);
    });

    it('knows nothing of what never came, by asking does nothing, and does it when it comes', async () => {
      const call = charge(under.paymentMethod);
      expect(await under.rail.ask({ ...call, of: 'authorize' }, signal)).toEqual({ kind: 'not_known' });
      const answer = await under.rail.authorize(call, signal);
      expect(await under.again().ask({ ...call, of: 'authorize' }, signal)).toEqual(answer);
    });

    it('declines what wants the payer, where they are not there, or does not want them', async () => {
      const present = await under.rail.authorize(charge(under.paymentMethod), signal);
      const absent = await under.rail.authorize(charge(under.paymentMethod, { offSession: true }), signal);
      const wants = ['requires_action', 'requires_transfer'].includes(present.kind);
      const declined = { kind: 'declined', declineCode: 'authentication_required' };
      expect(absent).toMatchObject(wants ? declined : { kind: present.kind });
    });

    it('voids once, and says so again', async () => {
      const call = charge(under.paymentMethod, { capture: false });
      const answer = await under.rail.authorize(call, signal);
      const of = { payment: call.payment, railReference: answer.railReference ?? '' };
      const ending = { ...next(), ...of };
      expect(await under.rail.void(ending, signal)).toEqual({ kind: 'voided' });
      expect(await under.again().void(ending, signal)).toEqual({ kind: 'voided' });
      const after = { ...next(), ...of, amountMinor: 1n, currency: 'USD' };
      expect(await under.rail.capture(after, signal)).toMatchObject({ kind: 'declined' });
    });

    it('pays out and refunds a key once', async () => {
      const money = { amountMinor: 100n, currency: 'USD' };
      const out = { ...next(), ...money, payout: 'po_1', bankAccount: 'ba_1' };
      const [first, again] = [await under.rail.payOut(out, signal), await under.again().payOut(out, signal)];
      expect(again).toEqual(first);
      expect(await under.rail.ask({ ...out, of: 'pay_out' }, signal)).toEqual(first);
      const back = { ...next(), ...money, payment: 'pay_none', railReference: 'none', refund: 're_1' };
      expect(await under.again().refund(back, signal)).toEqual(await under.rail.refund(back, signal));
    });
  });
}

/** What a rail of cards promises in addition. */
export function railContract(open: () => Promise<RailUnderTest>): void {
  let under: RailUnderTest;
  beforeAll(async () => {
    under = await open();
  });

  const authorized = async (): Promise<{ readonly payment: string; readonly railReference: string }> => {
    const call = charge(under.methods.succeeds, { capture: false });
    const answer = await under.rail.authorize(call, signal);
    if (answer.kind !== 'authorized') throw new Error(`it is ${answer.kind}`);
    return { payment: call.payment, railReference: answer.railReference };
  };
  const captured = async (amountMinor = 10_000n) => {
    const of = await authorized();
    await under.rail.capture({ ...next(), ...of, amountMinor, currency: 'USD' }, signal);
    return of;
  };
  const refund = async (of: Awaited<ReturnType<typeof captured>>, amountMinor: bigint) => {
    const made = next();
    const call = { ...made, ...of, refund: `re_${made.key}`, amountMinor, currency: 'USD' };
    return { call, answer: await under.rail.refund(call, signal) };
  };

  describe('a rail', () => {
    it('captures what it authorizes at once, or says so and captures it later, in part too', async () => {
      const once = await under.rail.authorize(charge(under.methods.succeeds), signal);
      expect(once).toMatchObject({ kind: 'captured', railReference: expect.any(String) as unknown });
      const of = await authorized();
      const call = { ...next(), ...of, amountMinor: 4_000n, currency: 'USD' };
      const answer = await under.rail.capture(call, signal);
      expect(answer).toMatchObject({ kind: 'captured', railReference: of.railReference });
      expect(await under.rail.capture(call, signal)).toEqual(answer);
      // What was not captured is released.
      const rest = { ...next(), ...of, amountMinor: 1n, currency: 'USD' };
      expect(await under.rail.capture(rest, signal)).toMatchObject({ kind: 'declined' });
    });

    it('declines with a code and a message, and charges nothing', async () => {
      const answer = await under.rail.authorize(charge(under.methods.declined), signal);
      expect(answer).toMatchObject({ kind: 'declined', declineCode: expect.any(String) as unknown });
      expect(answer).toHaveProperty('message');
    });

    it('asks the payer where it must, and declines where he is not there', async () => {
      const answer = await under.rail.authorize(charge(under.methods.needsAction), signal);
      expect(answer).toMatchObject({ kind: 'requires_action', url: expect.any(String) as unknown });
      const absent = charge(under.methods.needsAction, { offSession: true });
      const declined = { kind: 'declined', declineCode: 'authentication_required' };
      expect(await under.rail.authorize(absent, signal)).toMatchObject(declined);
    });

    it('does a key once, and answers it again, also to another process', async () => {
      const call = charge(under.methods.succeeds);
      const answers = await Promise.all([1, 2, 3].map(() => under.rail.authorize(call, signal)));
      answers.push(await under.again().authorize(call, signal));
      expect(new Set(answers.map((one) => ('railReference' in one ? one.railReference : ''))).size).toBe(1);
      const of = await captured();
      const { call: first, answer } = await refund(of, 6_000n);
      expect(answer.kind).toBe('refunded');
      expect(await under.rail.refund(first, signal)).toEqual(answer);
      expect((await refund(of, 4_000n)).answer.kind).toBe('refunded');
      expect((await refund(of, 1n)).answer.kind).toBe('refund_failed');
    });

    it('does each of many calls that come together, and one that it can not take fails alone', async () => {
      const { succeeds, declined, silentApproved, needsAction } = under.methods;
      const good = Array.from({ length: 24 }, (_, i) =>
        charge(i % 3 === 0 ? declined : succeeds, {
          environment: `org_${i % 2}`,
          amountMinor: BigInt(i + 1),
        }),
      );
      const repeated = good.slice(0, 6);
      const [bad, silent] = [charge(succeeds, under.broken), charge(silentApproved)];
      const all = [...good.slice(0, 12), bad, silent, charge(needsAction), ...good.slice(12), ...repeated];
      const ended = await Promise.allSettled(all.map((call) => under.rail.authorize(call, signal)));
      const failed = all.filter((_, i) => ended[i]?.status === 'rejected');
      expect(failed).toEqual([bad, silent]);
      const asked = (call: AuthorizeCall) => under.again().ask({ ...call, of: 'authorize' }, signal);
      for (const [i, one] of ended.entries())
        if (one.status === 'fulfilled') expect(await asked(all[i] as AuthorizeCall)).toEqual(one.value);
      expect(await asked(bad)).toEqual({ kind: 'not_known' });
      expect((await asked(silent)).kind).toBe('captured');
      expect(await Promise.all(good.map(async (call) => (await asked(call)).kind))).toEqual(
        good.map(({ paymentMethod }) => (paymentMethod === declined ? 'declined' : 'captured')),
      );
    });

    it('keeps the keys of environments apart', async () => {
      const call = charge(under.methods.succeeds);
      const [one, other] = [
        await under.rail.authorize(call, signal),
        await under.rail.authorize({ ...call, environment: 'org_2' }, signal),
      ];
      expect(one).not.toEqual(other);
    });

    it.each(['silentApproved', 'silentDeclined'] as const)('tells when it is asked: %s', async (method) => {
      const call = charge(under.methods[method]);
      await expect(under.rail.authorize(call, signal)).rejects.toThrow();
      const asked = await under.again().ask({ ...call, of: 'authorize' }, signal);
      expect(asked.kind).toBe(method === 'silentApproved' ? 'captured' : 'declined');
      expect(await under.rail.ask({ ...call, of: 'authorize' }, signal)).toEqual(asked);
      // Sent again, it is not done again.
      expect(await under.rail.authorize(call, signal)).toEqual(asked);
    });

    it('knows nothing of what never came, by asking does nothing, and does it when it comes', async () => {
      const call = charge(under.methods.succeeds);
      expect(await under.rail.ask({ ...call, of: 'authorize' }, signal)).toEqual({ kind: 'not_known' });
      const answer = await under.rail.authorize(call, signal);
      expect(answer.kind).toBe('captured');
      expect(await under.rail.ask({ ...call, of: 'authorize' }, signal)).toEqual(answer);
    });

    it('voids what is authorized, and says so where the money is taken already', async () => {
      const call = { ...next(), ...(await authorized()) };
      expect(await under.rail.void(call, signal)).toEqual({ kind: 'voided' });
      expect(await under.rail.void(call, signal)).toEqual({ kind: 'voided' });
      const after = { ...next(), ...call, key: `${call.key}_c`, amountMinor: 1n, currency: 'USD' };
      expect(await under.rail.capture(after, signal)).toMatchObject({ kind: 'declined' });
      expect(await under.rail.void({ ...next(), ...(await captured()) }, signal)).toMatchObject({
        kind: 'captured',
      });
    });

    it('says when there is something to say, opens one dispute then, and takes an answer once', async () => {
      const call = charge(under.methods.disputed);
      const answer = await under.rail.authorize(call, signal);
      if (answer.kind !== 'captured' || answer.noticeAt === undefined)
        throw new Error(`it is ${answer.kind}`);
      const { payment } = call;
      const question = { ...next(), payment };
      expect(await under.rail.dispute(question, signal)).toEqual({ kind: 'not_disputed' });
      const then = { ...question, at: answer.noticeAt };
      const dispute = await under.rail.dispute(then, signal);
      const facts = { kind: 'disputed', amountMinor: 10_000n, currency: 'USD', outcome: null };
      expect(dispute).toMatchObject(facts);
      expect(await under.again().dispute(then, signal)).toEqual(dispute);
      const of = { payment, railReference: answer.railReference, at: answer.noticeAt };
      const refused = { ...next(), ...of, refund: 're_refused', amountMinor: 1n, currency: 'USD' };
      expect(await under.rail.refund(refused, signal)).toMatchObject({ kind: 'refund_failed' });
      if (dispute.kind !== 'disputed') throw new Error(dispute.kind);
      const { railReference } = dispute;
      const accept = { ...then, ...next(), at: answer.noticeAt, files: [], railReference, text: '' };
      expect(await under.rail.tell({ ...accept, response: 'accept' }, signal)).toEqual({ kind: 'taken' });
      expect(await under.again().tell({ ...accept, response: 'accept' }, signal)).toEqual({ kind: 'taken' });
      const late = { ...accept, ...next(), at: answer.noticeAt, response: 'evidence', text: 'x' } as const;
      expect(await under.rail.tell(late, signal)).toEqual({ kind: 'decided', outcome: 'lost' });
      expect(await under.rail.dispute(then, signal)).toMatchObject({ outcome: 'lost' });
    });

    it('says that a refund fails', async () => {
      const call = charge(under.methods.refundFails);
      const answer = await under.rail.authorize(call, signal);
      if (answer.kind !== 'captured') throw new Error(`it is ${answer.kind}`);
      const of = { payment: call.payment, railReference: answer.railReference };
      expect((await refund(of, 100n)).answer).toMatchObject({ kind: 'refund_failed' });
    });
  });
}
