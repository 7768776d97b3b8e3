import {
  bankTransferDays,
  bankTransferRail,
  creditorReference,
  ownReferenceLength,
} from '@fintech-ledger/payments/domain';
import type { Database } from '@fintech-ledger/postgres';
import { createHash } from 'node:crypto';
import type { AskAnswer, AskCall, AuthorizeAnswer, AuthorizeCall, CaptureAnswer, CaptureCall } from '../rail';
import type {
  DisputeAnswer,
  NoticesFrom,
  NoticesPage,
  PayOutAnswer,
  PayOutCall,
  Rail,
  RailAnswer,
} from '../rail';
import type { RailCall, ReferringCall, RefundAnswer, RefundCall, ReportOf, SettlementReport } from '../rail';
import type { TellAnswer, VoidAnswer } from '../rail';

const dayMs = 86_400_000;
/** Crockford's: nothing that a payer takes for something else. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The reference of a payment: 80 bits of a hash, so that nobody finds another one by counting. */
export function transferReference(environment: string, payment: string): string {
  const bits = createHash('sha256').update(`${environment}\n${payment}`).digest();
  const own = Array.from(
    { length: ownReferenceLength },
    (_, at) => letters[(bits[at] ?? 0) % letters.length],
  );
  return creditorReference(own.join(''));
}

/**
 * Transfers to bank accounts of the environment. There is no provider behind it: it tells what the payer has to do, and
 * keeps that it was asked. What came, and what has left, is said by statements of the bank, which others read: so it
 * has no notices, and it is not asked about what is under way.
 */
export class BankTransferRail implements Rail {
  readonly name = bankTransferRail;
  readonly isLive = true;

  constructor(private readonly database: Database) {}

  authorize(call: AuthorizeCall): Promise<AuthorizeAnswer> {
    const { at, environment, offSession, payment } = call;
    if (offSession) {
      const message = 'A payer who is not there transfers nothing.';
      return this.once(call, {
        kind: 'declined',
        ...{ declineCode: 'authentication_required', message, railReference: null },
      });
    }
    const expiresAt = new Date(Date.parse(at) + bankTransferDays * dayMs).toISOString();
    const railReference = transferReference(environment, payment);
    return this.once(call, { kind: 'requires_transfer', railReference, expiresAt });
  }

  /** Nothing is ever held. */
  capture(call: CaptureCall): Promise<CaptureAnswer> {
    const message = 'A transfer is not authorized first.';
    const { railReference } = call;
    return this.once(call, { kind: 'declined', declineCode: 'not_authorized', message, railReference });
  }

  /** What comes all the same is parked. */
  void(call: ReferringCall): Promise<VoidAnswer> {
    return this.once(call, { kind: 'voided' });
  }

  /** The bank has to be told; its statement says when it has left. */
  refund(call: RefundCall): Promise<RefundAnswer> {
    return this.once(call, { kind: 'pending', railReference: call.refund, askAt: call.at, isTold: true });
  }

  /** The same. */
  payOut(call: PayOutCall): Promise<PayOutAnswer> {
    return this.once(call, { kind: 'pending', railReference: call.payout, askAt: call.at, isTold: true });
  }

  async ask({ environment, key }: AskCall): Promise<AskAnswer> {
    const { rows } = await this.database.query<{ answer: RailAnswer }>(
      'select answer from rails.bank_transfer_calls where environment = $1 and key = $2',
      [environment, key],
    );
    return rows[0]?.answer ?? { kind: 'not_known' };
  }

  dispute(): Promise<DisputeAnswer> {
    return Promise.resolve({ kind: 'not_disputed' });
  }

  /** @throws Error there is no dispute */
  tell(): Promise<TellAnswer> {
    return Promise.reject(new Error('a transfer is not disputed'));
  }

  notices({ cursor }: NoticesFrom): Promise<NoticesPage> {
    return Promise.resolve({ notices: [], cursor, hasMore: false });
  }

  /** Nothing is between it and the bank. */
  settlementReport(_of: ReportOf): Promise<SettlementReport> {
    return Promise.resolve({ cursor: null, lines: [], netMinor: 0n });
  }

  /** The first answer of a key is that of every repetition. */
  private async once<A extends RailAnswer>({ environment, key }: RailCall, answer: A): Promise<A> {
    const { rows } = await this.database.query<{ answer: A }>(
      `insert into rails.bank_transfer_calls as c (environment, key, answer) values ($1, $2, $3::jsonb)
       on conflict (environment, key) do update set answer = c.answer returning answer`,
      [environment, key, JSON.stringify(answer)],
    );
    return rows[0]?.answer ?? answer;
  }
}
