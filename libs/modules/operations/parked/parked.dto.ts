import { Described, Is, lengthRule, oneOfRule, Optional, PageQuery, textRule } from '@fintech-ledger/http';
import { parkedStates } from '@fintech-ledger/projection-runtime';

const stateRule = { ...oneOfRule('parked_state', parkedStates), code: 'invalid_parameter' };
const readerRule = textRule(
  'parked_reader',
  'invalid_parameter',
  "the name of a read model, of an outbox or of a relay, such as 'accounts'",
  /^[A-Za-z0-9_.:-]{1,300}$/,
);
const reasonRule = lengthRule('discard_reason', 1, 500);

export class ParkedQuery extends PageQuery {
  @Is(stateRule, 'Only those in this state; absent: those that have not ended.')
  @Optional()
  declare readonly state?: (typeof parkedStates)[number];

  @Is(readerRule, 'Only what this reader could not take.')
  @Optional()
  declare readonly reader?: string;
}

@Described('Why an event is discarded.')
export class DiscardParkedDto {
  @Is(reasonRule, 'Why, for whoever asks later: it is recorded in an event.')
  declare readonly reason: string;
}
