import type { Database, Sql } from '@fintech-ledger/postgres';
import { randomBytes } from 'node:crypto';
import { packed, unpacked } from '../answer-text';
import type { DisputeAnswer, DisputeQuestion, TellAnswer, TellCall } from '../rail';
import type { AskAnswer, AskCall, AuthorizeAnswer, AuthorizeCall, CaptureAnswer, CaptureCall } from '../rail';
import type { NoticesFrom, NoticesPage, PayOutAnswer, PayOutCall, Rail, RailAnswer, RailCall } from '../rail';
import type { ReferringCall, RefundAnswer, RefundCall, ReportOf } from '../rail';
import type { SettlementReport, VoidAnswer } from '../rail';
import { Authorizations } from './authorizations';
import { behaviourOf } from './behaviour';
import { answerOfDispute, closeDispute, dueDispute, scheduleDispute } from './disputes';
import { selectDisputeTime, tellDispute } from './disputes';
import type { ClosedDispute } from './disputes';
import { insertMovement, insertNotice, selectNotices, selectReport, selectReturn } from './movements';
import { actedOn, answerOf, asOf, authorizedBy } from './simulated-payment';
import { capturedAnswer, capturedBy, declinedAnswer } from './simulated-payment';
import type { SimulatedPayment } from './simulated-payment';
import { claimCall, keepAnswer, lockPayment, savePayment } from './store';
import { selectAuthorization, selectCall, selectSettings } from './store';

/** It has done what it was asked for, or not; either way nothing comes back. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const dayMs = 86_400_000;
const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

/**
 * A card processor for sandboxes, as if it were another company's: it knows each call by its key, for ever, and tells
 * what it did when it is asked. What it knows is in Postgres, apart from all that we book.
 */
export class SimulatorRail implements Rail {
  readonly name = 'simulator';
  readonly isLive = false;
  private readonly authorizations: Authorizations;

  /** @param made what can't be guessed, for references and the pages of actions */
  constructor(
    private readonly database: Database,
    private readonly made: () => string = () => randomBytes(18).toString('base64url'),
  ) {
    this.authorizations = new Authorizations(database, made);
  }

  async authorize(call: AuthorizeCall): Promise<AuthorizeAnswer> {
    const { disputedAfterMs, isSilent } = behaviourOf(call);
    const kept = disputedAfterMs === undefined ? await this.authorizations.keep(call) : undefined;
    const done =
      kept === undefined ? await this.authorizeAlone(call) : { answer: answerOf(kept, call.at), isNew: true };
    // Only the first time: whoever tries again, or asks, finds out.
    if (done.isNew && isSilent === true) throw new NoAnswer('the simulator does not answer');
    return done.answer;
  }

  capture(call: CaptureCall): Promise<CaptureAnswer> {
    return this.once(call, async (sql, payment) => {
      const settings = await selectSettings(sql, call.environment);
      const captured = payment && capturedBy(payment, settings, call);
      if (captured === undefined) return declinedAnswer('authorization_expired', call.railReference);
      await this.keep(sql, call, captured, payment);
      return this.told(sql, call.environment, captured, capturedAnswer(captured, call.at));
    });
  }

  void(call: ReferringCall): Promise<VoidAnswer> {
    return this.once(call, async (sql, payment) => {
      if (payment?.state === 'captured')
        return this.told(sql, call.environment, payment, capturedAnswer(payment, call.at));
      if (payment !== undefined) await this.keep(sql, call, { ...payment, state: 'voided' }, payment);
      return { kind: 'voided' };
    });
  }

  refund(call: RefundCall): Promise<RefundAnswer> {
    return this.once(call, async (sql, payment) => {
      const { environment, amountMinor, key, at, currency } = call;
      if (payment?.state !== 'captured') return { kind: 'refund_failed', reason: 'charge_not_captured' };
      const disputed = await dueDispute(sql, { environment, payment: payment.payment, at });
      if (disputed !== undefined && disputed.outcome !== 'won')
        return { kind: 'refund_failed', reason: 'charge_disputed' };
      const refundedMinor = payment.refundedMinor + amountMinor;
      if (refundedMinor > payment.capturedMinor)
        return { kind: 'refund_failed', reason: 'amount_exceeds_charge' };
      if (behaviourOf(payment).refundFails === true)
        return { kind: 'refund_failed', reason: 'expired_or_canceled_card' };
      await savePayment(sql, environment, { ...payment, refundedMinor });
      const railReference = `sim_re_${this.made()}`;
      const money = { grossMinor: -amountMinor, feeMinor: 0n, currency };
      await insertMovement(sql, environment, { kind: 'refund', key, railReference, settlesOn: at, ...money });
      return { kind: 'refunded', railReference };
    });
  }

  payOut(call: PayOutCall): Promise<PayOutAnswer> {
    return this.once({ ...call, railReference: '' }, async (sql) => {
      const { environment, payout, at, bankAccount } = call;
      if (bankAccount === 'ba_sim_fail')
        return { kind: 'pay_out_failed', failureCode: 'account_closed', message: 'The account is closed.' };
      const railReference = `sim_po_${this.made()}`;
      if (bankAccount !== 'ba_sim_returned') return { kind: 'paid_out', railReference };
      const noticeAt = later(at, dayMs);
      const notice = { kind: 'payout_returned', payout, key: call.key, reason: 'account_closed' };
      await insertNotice(sql, environment, noticeAt, notice);
      return { kind: 'paid_out', railReference, noticeAt };
    });
  }

  ask(call: AskCall): Promise<AskAnswer> {
    return this.database.transaction(async (sql): Promise<AskAnswer> => {
      const known = await selectCall(sql, call.environment, call.key);
      if (known === undefined) return { kind: 'not_known' };
      const returned = await selectReturn(sql, call);
      if (returned !== undefined) return returned;
      if (known.answer !== null) return unpacked<RailAnswer>(known.answer);
      return this.current(sql, call, known.reference);
    });
  }

  dispute(call: DisputeQuestion): Promise<DisputeAnswer> {
    return this.database.transaction(async (sql) => answerOfDispute(await dueDispute(sql, call)));
  }

  tell(call: TellCall): Promise<TellAnswer> {
    return this.once(call, (sql) => tellDispute(sql, call));
  }

  /** See `closeDispute`. */
  closeDispute(of: ClosedDispute): Promise<'won' | 'lost' | undefined> {
    return this.database.transaction((sql) => closeDispute(sql, of));
  }

  /**
   * The payer has acted, or would not; the first time counts. What comes of it is also found out by asking.
   * @param at the environment's time
   * @param isTrial nothing is done, it is only said what it would come to
   * @returns the key of the call that it ends, and its answer; undefined: nobody has to act on this payment
   */
  complete(
    environment: string,
    place: { readonly payment: string } | { readonly token: string },
    outcome: 'succeeded' | 'failed',
    at: string,
    isTrial = false,
  ): Promise<{ readonly key: string; readonly answer: AuthorizeAnswer } | undefined> {
    return this.database.transaction(async (sql) => {
      const before = await lockPayment(sql, environment, place);
      if (before === undefined || before.token === null || before.state === 'voided') return undefined;
      const key = await selectAuthorization(sql, environment, before.reference);
      const shown = async (payment: SimulatedPayment) => ({
        key,
        answer: await this.told(sql, environment, payment, answerOf(payment, at)),
      });
      if (before.state !== 'requires_action') return shown(before);
      const after = actedOn(before, await selectSettings(sql, environment), outcome, at);
      if (!isTrial) await this.keep(sql, { environment, key, at }, after, before);
      return shown(after);
    });
  }

  notices(from: NoticesFrom): Promise<NoticesPage> {
    return selectNotices(this.database, from);
  }

  settlementReport(of: ReportOf): Promise<SettlementReport> {
    return selectReport(this.database, of);
  }

  private authorizeAlone(call: AuthorizeCall): Promise<{ answer: AuthorizeAnswer; isNew: boolean }> {
    const { environment, key, at } = call;
    const reference = `sim_${this.made()}`;
    return this.database.transaction(async (sql) => {
      const known = await claimCall(sql, environment, key, reference);
      if (known !== undefined)
        return { answer: await this.current(sql, call, known.reference), isNew: false };
      const settings = await selectSettings(sql, environment);
      const payment = authorizedBy(call, settings, { reference, token: this.made() });
      await this.keep(sql, call, payment, undefined);
      return { answer: await this.told(sql, environment, payment, answerOf(payment, at)), isNew: true };
    });
  }

  /** What becomes of a payment by now, which may be decided by that. */
  private async current(sql: Sql, call: RailCall, reference: string): Promise<AuthorizeAnswer> {
    const { environment, at } = call;
    const payment = await lockPayment(sql, environment, { reference });
    if (payment === undefined) throw new Error(`the simulator has no payment ${reference}`);
    const settings = await selectSettings(sql, environment);
    const now = asOf(payment, settings, at);
    if (now !== payment) await this.keep(sql, call, now, payment);
    return this.told(sql, environment, now, answerOf(now, at));
  }

  /** With the time at which there will be more to say of it. */
  private async told<A extends AuthorizeAnswer>(
    sql: Sql,
    environment: string,
    payment: SimulatedPayment,
    answer: A,
  ): Promise<A> {
    if (answer.kind !== 'captured' || behaviourOf(payment).disputedAfterMs === undefined) return answer;
    const noticeAt = await selectDisputeTime(sql, environment, payment.reference);
    return noticeAt === undefined ? answer : { ...answer, noticeAt };
  }

  /** Of a payment, and what follows from its capture. */
  private async keep(
    sql: Sql,
    { environment, key, at }: RailCall,
    payment: SimulatedPayment,
    before: SimulatedPayment | undefined,
  ): Promise<void> {
    await savePayment(sql, environment, payment);
    if (payment.state !== 'captured' || before?.state === 'captured') return;
    const { reference: railReference, capturedMinor: grossMinor, feeMinor, currency, availableOn } = payment;
    const settlesOn = availableOn ?? at;
    const money = { grossMinor, feeMinor, currency };
    await insertMovement(sql, environment, { kind: 'payment', key, railReference, settlesOn, ...money });
    const { disputedAfterMs } = behaviourOf(payment);
    if (disputedAfterMs === undefined) return;
    const opensAt = later(at, disputedAfterMs);
    await scheduleDispute(sql, environment, payment, `sim_dp_${this.made()}`, opensAt);
    const facts = { kind: 'dispute_opened', payment: payment.payment, reason: 'fraudulent', currency };
    await insertNotice(sql, environment, opensAt, {
      ...facts,
      amountMinor: String(grossMinor),
    });
  }

  /** What a key stands for is done once, and answered again. */
  private once<A extends RailAnswer | TellAnswer>(
    call: RailCall & { readonly railReference: string },
    work: (sql: Sql, payment: SimulatedPayment | undefined) => Promise<A>,
  ): Promise<A> {
    const { environment, key, railReference: reference } = call;
    return this.database.transaction(async (sql) => {
      const known = await claimCall(sql, environment, key, reference);
      if (known !== undefined) return unpacked<A>(known.answer);
      const answer = await work(sql, await lockPayment(sql, environment, { reference }));
      await keepAnswer(sql, environment, key, packed(answer));
      return answer;
    });
  }
}
