import {
  feesThatDiffer,
  reconcileRail,
  reconcileStatements,
  reconciliationTooLarge,
} from '@fintech-ledger/bank/domain';
import type {
  BankLineFacts,
  BookedItem,
  Reconciled,
  ReportedFee,
  StatementItem,
} from '@fintech-ledger/bank/domain';
import { ApiProblem, isLive, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { PaymentQueries, SimulatorControls, StoredRailItem } from '@fintech-ledger/payments';
import { bankTransferRail, simulatorRail } from '@fintech-ledger/payments/domain';
import type { PaymentsLedgers, PaymentsReader, Read } from '@fintech-ledger/payments/nest';
import type { BankQueries, BookedStatement } from '../read-model/queries';
import { openOf, showReconciliation } from './show-reconciliation';
import type { OpenItem } from './show-reconciliation';
import type { ReconciliationView } from './reconciliation-views';

/** Lines of a rail, or statements, that are compared at once. */
const itemsMax = 20_000;

/** From inclusive, to exclusive: times of the environment. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** Holds the books against what rails and banks report, no older than their reader asked for. */
export class ReconciliationReads {
  constructor(
    private readonly payments: PaymentQueries,
    private readonly bank: BankQueries,
    private readonly simulator: Pick<SimulatorControls, 'settlements'>,
    private readonly ledgers: Pick<PaymentsLedgers, 'timeOf'>,
    private readonly readers: { readonly payments: PaymentsReader; readonly bank: PaymentsReader },
    private readonly most = itemsMax,
  ) {}

  /** What the time of the environment is. */
  now(request: ApiRequest): Promise<string> {
    return this.ledgers.timeOf(principalOf(request).organizationId, request.id);
  }

  /** @throws ApiProblem `reconciliation_too_large` @throws ReadModelHalted @throws ReadModelBehind */
  async read(request: ApiRequest, window: Window, now: string): Promise<Read<ReconciliationView>> {
    const ofRail = await this.readers.payments.read(
      request,
      async (ledgerId) => {
        const { result, revision } = await this.items(request, ledgerId, window);
        const unconfirmed = await this.payments.unconfirmed(ledgerId);
        return { revision, result: { reconciled: result, unconfirmed: unconfirmed.result } };
      },
      { reconciled: [], unconfirmed: [] },
    );
    const ofBank = await this.readers.bank.read(
      request,
      async (ledgerId) => {
        const between = { fromMs: Date.parse(window.from), toMs: Date.parse(window.to) };
        const { result, revision } = await this.bank.bookedStatements(ledgerId, between, this.most);
        if (result.length > this.most) throw tooLarge(this.most);
        const lines = await this.bank.openLines(ledgerId, this.most);
        const statements = reconcileStatements(result.map(statementItem));
        return { revision, result: { statements, lines: lines.result } };
      },
      { statements: [], lines: [] },
    );
    const open: readonly OpenItem[] = [
      ...ofBank.result.lines.map(openLine),
      ...ofRail.result.unconfirmed.map(({ kind, ...of }) => ({
        ...of,
        type: `${kind}_unconfirmed` as const,
      })),
    ];
    const result = showReconciliation({
      ...{ window, now, livemode: isLive(principalOf(request)) },
      rails: [
        { rail: bankTransferRail, all: ofBank.result.statements, open: openOf(open) },
        { rail: simulatorRail, all: ofRail.result.reconciled, open: new Map() },
      ],
    });
    return {
      ledgerId: ofRail.ledgerId,
      revision: Math.min(ofRail.revision, ofBank.revision),
      result,
    };
  }

  /** The fees that the simulator reports in a time otherwise than they are booked. @throws as `read` does */
  async fees(request: ApiRequest, window: Window, now: string): Promise<readonly ReportedFee[]> {
    const none: readonly Reconciled[] = [];
    const { result } = await this.readers.payments.read(
      request,
      (ledgerId) => this.items(request, ledgerId, window),
      none,
    );
    return feesThatDiffer(result, now);
  }

  /**
   * All that either side has under a reference of the time asked for, whenever that counts: what is decided of a
   * dispute months later is no difference, and neither is a refund of midnight.
   */
  private async items(
    request: ApiRequest,
    ledgerId: string,
    window: Window,
  ): Promise<{ readonly revision: number; readonly result: readonly Reconciled[] }> {
    const { organizationId } = principalOf(request);
    const of = (references: readonly string[]) =>
      Promise.all([
        this.simulator.settlements(organizationId, { ...window, references }, this.most),
        this.payments.railItems(ledgerId, { ...window, limit: this.most, rail: simulatorRail, references }),
      ]);
    const [said, found] = await of([]);
    const references = new Set([...said, ...found.result.map(bookedItem)].map((each) => each.railReference));
    const [reported, { result, revision }] = await of([...references]);
    if (Math.max(reported.length, result.length) > this.most) throw tooLarge(this.most);
    return { revision, result: reconcileRail(result.map(bookedItem), reported) };
  }
}

const tooLarge = (most: number): ApiProblem =>
  new ApiProblem(reconciliationTooLarge, `There are more than ${most} lines: choose a shorter time.`, {
    param: '/from',
  });
const bookedItem = ({
  adjusted,
  adjustments,
  fee,
  gross,
  reference,
  ...item
}: StoredRailItem): BookedItem => ({
  ...item,
  feeMinor: BigInt(fee),
  grossMinor: BigInt(gross),
  railReference: reference,
  ...(adjustments.length > 0 && { adjusted: { amountMinor: BigInt(adjusted), lines: adjustments } }),
});
const statementItem = ({ booked, facts }: BookedStatement): StatementItem => ({
  ...{ currency: facts.currency, id: facts.id, importedAt: facts.importedAt, statementId: facts.statementId },
  ...{ lines: facts.lines, linesImported: facts.linesImported, bookedMinor: BigInt(booked) },
  closingMinor: BigInt(facts.closingBalance),
  openingMinor: BigInt(facts.openingBalance),
  previousMinor: facts.previousClosing === null ? null : BigInt(facts.previousClosing),
});
function openLine({ bookedOn, currency, direction, id, left, matches, status }: BankLineFacts): OpenItem {
  const since = `${bookedOn}T00:00:00.000Z`;
  const back = matches.find(({ object }) => object === id)?.amount ?? '0';
  if (status === 'returned') return { type: 'return_unconfirmed', object: id, amount: back, currency, since };
  const amount = direction === 'credit' ? left : `-${left}`;
  return { type: 'line_parked', object: id, amount, currency, since };
}
