import { Described, flagRule, Is, ListOfValues, Optional, textRule, timeRule } from '@fintech-ledger/http';
import { endpointEventTypesMax } from '@fintech-ledger/webhooks/domain';
import { typeRule } from '../endpoints/endpoint.dto';

const positionRule = textRule(
  'replay_position',
  'invalid_value',
  "a position of a ledger, such as 'led_1@42'",
  /^led_[A-Za-z0-9_-]{1,64}@(?:0|[1-9][0-9]{0,14})$/,
);

@Described('Which events are sent again; all that the endpoint asks for when nothing is said.')
export class ReplayWebhooksDto {
  @Is(timeRule, 'Only events that were recorded from this time on, by real time, also in a sandbox.')
  @Optional()
  declare readonly from?: string;

  @Is(
    timeRule,
    'Only events that were recorded before this time, by real time; now when it is left out, or later.',
  )
  @Optional()
  declare readonly to?: string;

  @Is(positionRule, 'Only events of this ledger, from this position on.')
  @Optional()
  declare readonly from_position?: string;

  @ListOfValues(
    typeRule,
    { min: 1, max: endpointEventTypesMax },
    'Only these of the types that the endpoint gets.',
  )
  @Optional()
  declare readonly event_types?: readonly string[];

  @Is(flagRule, 'Whether it is only counted how many there are.')
  @Optional()
  declare readonly dry_run?: boolean;
}
