import type { ReportedFee } from '@fintech-ledger/bank/domain';
import { ApiProblem, queryContext } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { paymentsPart } from '@fintech-ledger/payments';
import { isRailLineKind, simulatorRail } from '@fintech-ledger/payments/domain';
import type { FeeAdjustmentView, PaymentCommand, PaymentEvent } from '@fintech-ledger/payments/domain';
import { LedgerCommands } from '@fintech-ledger/payments/nest';
import type { PaymentsLedgers } from '@fintech-ledger/payments/nest';

/** Fees that one request adjusts; more of them are for the next one. */
const adjustedAtOnce = 500;

/** What a request has adjusted. */
export interface AdjustedFees {
  readonly adjusted: readonly FeeAdjustmentView[];
  readonly hasMore: boolean;
  /** Of the last one that the writer answered; undefined: there was none. */
  readonly position?: string;
}
type Answer = Partial<FeeAdjustmentView> & { readonly dry_run?: true; readonly position: string };

/**
 * Books fees as a rail reports them, each by an event of its own: what is booked stays so, and whoever asks again goes
 * on with the rest. The journal knows what was adjusted, so nothing is twice, however old what was read is.
 */
export class FeeAdjustments {
  private readonly commands: Pick<LedgerCommands<PaymentCommand, PaymentEvent>, 'submit'>;

  constructor(gateway: CommandGateway, ledgers: PaymentsLedgers) {
    this.commands = new LedgerCommands(gateway, ledgers, paymentsPart);
  }

  /** @param dryRun each is decided, and nothing is booked: none of them changes what another one comes to */
  async adjust(request: ApiRequest, fees: readonly ReportedFee[], dryRun: boolean): Promise<AdjustedFees> {
    // No key of the request's: it is for all of them.
    const context = { ...queryContext(request), dryRun };
    const adjusted: FeeAdjustmentView[] = [];
    let position: string | undefined;
    for (const fee of fees.slice(0, adjustedAtOnce)) {
      const answer = await this.one(fee, context);
      if (answer === undefined) continue;
      const { dry_run: _dryRun, position: at, ...view } = answer;
      position = at;
      if (isAdjusted(view)) adjusted.push(view);
    }
    const hasMore = fees.length > adjustedAtOnce;
    return { adjusted, hasMore, ...(position !== undefined && { position }) };
  }

  private async one(
    { feeMinor, kind, object, railReference }: ReportedFee,
    context: CommandContext,
  ): Promise<Answer | undefined> {
    if (!isRailLineKind(kind)) return undefined;
    const fee = String(feeMinor);
    const command = { type: 'AdjustFee', fee, kind, object, rail: simulatorRail, railReference } as const;
    const { outcome } = await this.commands.submit(command, context);
    if (outcome.kind === 'refused') throw ApiProblem.ofRefusal(outcome.refusal, []);
    return JSON.parse(outcome.answer) as Answer;
  }
}

/** Where it was booked before, there is nothing to show. */
const isAdjusted = (view: Partial<FeeAdjustmentView>): view is FeeAdjustmentView =>
  view.balance_transaction !== undefined;
