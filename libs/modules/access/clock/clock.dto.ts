import type { AdvanceClock, FreezeClock } from '@fintech-ledger/access/domain';
import { AsksFor, Is, timeRule } from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';

@AsksFor<BodyOf<FreezeClock>>('Where the clock is to stand.')
export class FreezeClockDto {
  @Is(timeRule, 'The time at which it stands from now on: not before the present one.')
  declare readonly time: string;
}

@AsksFor<BodyOf<AdvanceClock>>('Where the clock is to be moved.')
export class AdvanceClockDto {
  @Is(timeRule, 'The time to which it is moved: not before the present one.')
  declare readonly to: string;
}
