import type {
  DisputeEffect,
  DisputeNews,
  DisputeOutcome,
  DisputeResponseOutcome,
} from '@fintech-ledger/payments/domain';
import type { ModelRail, ModelReportLine } from './model-rail';

interface ModelDispute {
  readonly amount: string;
  readonly currency: string;
  readonly evidenceDueBy: string;
  readonly fee: string;
  readonly openedAt: string;
  readonly railReference: string;
  /** Whether it was told evidence, or that there is none. */
  isAnswered: boolean;
  outcome: DisputeOutcome | null;
}

type AskDispute = Extract<DisputeEffect, { kind: 'ask_dispute' }>['data'];

/** What payers dispute at a rail, and what it says of that; some questions and answers are lost. */
export class ModelDisputes {
  /** By payment; null: it was asked, and there is none. */
  readonly known = new Map<string, ModelDispute | null>();

  constructor(
    private readonly random: () => number,
    private readonly rail: Pick<ModelRail, 'leftOf'>,
  ) {}

  /** Whether the rail refunds nothing of it. */
  isHeld(payment: string): boolean {
    const dispute = this.known.get(payment) ?? null;
    return dispute !== null && dispute.outcome !== 'won';
  }

  /** What is in the rail's reports of disputes that were opened. */
  get reported(): readonly ModelReportLine[] {
    return [...this.known.values()].flatMap((one) =>
      one === null ? [] : [{ at: one.openedAt, currency: one.currency }],
    );
  }

  /** What it says of a payment; undefined: nobody hears it. */
  news({ data }: Extract<DisputeEffect, { kind: 'ask_dispute' }>): DisputeNews | undefined {
    if (this.random() < 0.1) return undefined;
    const dispute = this.disputeOf(data);
    if (this.random() < 0.1) return undefined;
    if (dispute === null) return { kind: 'not_disputed' };
    const { amount, evidenceDueBy, fee, railReference } = dispute;
    return { kind: 'disputed', amount, evidenceDueBy, fee, railReference, reason: 'fraudulent' };
  }

  /** What it says of a dispute that it was told of, or asked about. */
  response({ data, kind }: DisputeEffect): DisputeResponseOutcome | undefined {
    const dispute = this.known.get(data.payment) ?? null;
    if (dispute === null || this.random() < 0.1) return undefined;
    const said = this.answer(dispute, kind === 'tell_dispute' ? data.kind : 'question', data.at);
    return this.random() < 0.1 ? { kind: 'unknown' } : said;
  }

  /** A bank has decided it; the first time counts. */
  close(payment: string, outcome: DisputeOutcome): DisputeOutcome {
    const dispute = this.known.get(payment) ?? null;
    if (dispute === null) return outcome;
    dispute.outcome ??= outcome;
    return dispute.outcome;
  }

  private answer(
    dispute: ModelDispute,
    to: 'evidence' | 'accept' | 'question',
    at: string,
  ): DisputeResponseOutcome {
    if (to === 'question' && this.random() < 0.5) dispute.outcome ??= this.random() < 0.5 ? 'won' : 'lost';
    if (dispute.outcome !== null) return { kind: 'decided', outcome: dispute.outcome };
    if (to === 'accept') dispute.outcome = 'lost';
    if (to === 'question') {
      // Nobody answered it in time: it has said so, and decides nothing else any more.
      if (!dispute.isAnswered && at >= dispute.evidenceDueBy) dispute.outcome = 'lost';
      return { kind: 'undecided' };
    }
    dispute.isAnswered = true;
    const askAt = new Date(Date.parse(at) + 43_200_000).toISOString();
    return { kind: 'taken', ...(to === 'evidence' && this.random() < 0.5 && { askAt }) };
  }

  private disputeOf({ at, currency, payment }: AskDispute): ModelDispute | null {
    const known = this.known.get(payment);
    if (known !== undefined) return known;
    const left = this.rail.leftOf(payment);
    const isDisputed = left > 0n && this.random() < 0.8;
    const evidenceDueBy = new Date(Date.parse(at) + 3 * 86_400_000).toISOString();
    const facts = { amount: String(left), currency, evidenceDueBy, railReference: `dispute_${payment}` };
    const dispute = isDisputed
      ? { ...facts, fee: this.random() < 0.8 ? '1500' : '0', isAnswered: false, openedAt: at, outcome: null }
      : null;
    this.known.set(payment, dispute);
    return dispute;
  }
}
