import { Described, Is, oneOfRule, Optional, textRule, wholeRule } from '@fintech-ledger/http';
import type { ReportedKind } from '../rails/simulator/movements';
import type { PayerAction } from '../rails/simulator/simulator-controls';

const bpsRule = wholeRule('simulator_fee_bps', 0, 10_000);
const daysRule = wholeRule('simulator_settlement_days', 0, 365);
const feeRule = textRule(
  'simulator_fee',
  'invalid_amount',
  'a string of 1 to 18 digits without a leading zero, in minor units',
  /^(?:0|[1-9][0-9]{0,17})$/,
);
const reportedKindRule = oneOfRule('reported_kind', ['payment', 'refund', 'dispute_fee'] as const);
const outcomeRule = oneOfRule('payer_action', ['succeeded', 'failed'] as const);

@Described('How the simulator behaves; what is left out stays.')
export class SimulatorDto {
  @Is(bpsRule, 'Its fee for a capture, in hundredths of a percent of what was captured, rounded half up.')
  @Optional()
  declare readonly fee_bps?: number;

  @Is(feeRule, 'Its fixed fee for a capture, in minor units of the currency.')
  @Optional()
  declare readonly fee_fixed?: string;

  @Is(daysRule, 'Days from a capture to when it is available, at 00:00 UTC; 0: at once.')
  @Optional()
  declare readonly settlement_days?: number;

  @Is(feeRule, 'Its fee for a dispute, in minor units of the currency.')
  @Optional()
  declare readonly dispute_fee?: string;
}

@Described('What a payer did who had to act.')
export class CompleteActionDto {
  @Is(outcomeRule, 'Whether the payer was authenticated.')
  declare readonly outcome: PayerAction;
}

@Described('The fee that the simulator is to report.')
export class ReportFeeDto {
  @Is(feeRule, 'In minor units of the currency.')
  declare readonly fee: string;

  @Is(
    reportedKindRule,
    'Of which lines: `payment`, its own, as when it is left out; `refund`, of all of them; `dispute_fee`.',
  )
  @Optional()
  declare readonly kind?: ReportedKind;
}
