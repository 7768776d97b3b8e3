import { AsksFor, Is, lengthRule, timeRule } from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';
import { reasonLengthMax } from '@fintech-ledger/ledger/domain';
import type { ClosePeriod } from '@fintech-ledger/ledger/domain';

@AsksFor<BodyOf<ClosePeriod>>('How far the books are to be closed.')
export class PeriodCloseDto {
  @Is(timeRule, 'Nothing is booked at or before this moment any more; it is in the past.')
  declare readonly through: string;

  @Is(lengthRule('reason', 1, reasonLengthMax), 'Why.')
  declare readonly reason: string;
}
