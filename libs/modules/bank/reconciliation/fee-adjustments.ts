import type { ReportedFee } from '@fintech-ledger/bank/domain';
import { bulkTooLarge, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { paymentsPart } from '@fintech-ledger/payments';
import { feesAtOnce, isRailLineKind, simulatorRail } from '@fintech-ledger/payments/domain';
import type { AdjustFees, PaymentCommand, PaymentEvent } from '@fintech-ledger/payments/domain';
import { LedgerCommands } from '@fintech-ledger/payments/nest';
import type { LedgerOutcome, PaymentsLedgers } from '@fintech-ledger/payments/nest';
import type { Window } from './reconciliation-reads';

/** Fees that differ, and of what they were read. */
interface FeesOf extends Window {
  readonly fees: readonly ReportedFee[];
  readonly livemode: boolean;
}

/**
 * Books fees as a rail reports them. The journal knows what was adjusted, so nothing is twice, however old what was
 * read is.
 */
export class FeeAdjustments {
  private readonly commands: Pick<LedgerCommands<PaymentCommand, PaymentEvent>, 'submit'>;

  constructor(gateway: CommandGateway, ledgers: PaymentsLedgers) {
    this.commands = new LedgerCommands(gateway, ledgers, paymentsPart);
  }

  /** What a request was answered before, or is refused with for its key; undefined: it is to be read, and judged. */
  async answeredBefore(context: CommandContext, now: string): Promise<LedgerOutcome | undefined> {
    if (context.idempotencyKey === undefined) return undefined;
    const nothing = { fees: [], from: now, livemode: false, to: now };
    const tried = await this.adjust(nothing, { ...context, dryRun: true });
    return tried.outcome.kind === 'refused' || tried.outcome.replayed ? tried : undefined;
  }

  /** As many as one append takes: what is left is for another request. */
  async adjust(of: FeesOf, context: CommandContext): Promise<LedgerOutcome> {
    for (let most = Math.min(feesAtOnce, Math.max(of.fees.length, 1)); ; most >>= 1) {
      const answered = await this.adjustFirst(of, most, context);
      if (most === 1 || !isRefusedAs(answered.outcome, bulkTooLarge)) return answered;
    }
  }

  private adjustFirst(
    { fees, ...read }: FeesOf,
    most: number,
    context: CommandContext,
  ): Promise<LedgerOutcome> {
    const command: AdjustFees = {
      ...{ ...read, type: 'AdjustFees', rail: simulatorRail, hasMore: fees.length > most },
      fees: fees
        .slice(0, most)
        .flatMap(({ feeMinor, kind, object, railReference }) =>
          isRailLineKind(kind) ? [{ fee: String(feeMinor), kind, object, railReference }] : [],
        ),
    };
    return this.commands.submit(command, context);
  }
}
