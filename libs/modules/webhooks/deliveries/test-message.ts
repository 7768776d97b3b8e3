import { refuse } from '@fintech-ledger/contract';
import { Refused } from '@fintech-ledger/projection-runtime';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { unknownEventType } from '@fintech-ledger/webhooks/domain';
import { randomBytes } from 'node:crypto';
import type { TestMessage } from '../ports';

/** A message with the example of a type. @throws Refused `unknown_event_type` */
export function testMessage(
  registry: Pick<PublicEventRegistry, 'types'>,
  {
    isLive,
    ...to
  }: { readonly endpointId: string; readonly organizationId: string; readonly isLive: boolean },
  name: string,
  nowMs: number,
): TestMessage {
  const type = registry.types.find((one) => one.name === name);
  if (type === undefined)
    throw new Refused(refuse(unknownEventType, `No event has the type '${name}'.`, '/type'), [
      unknownEventType,
    ]);
  const body = JSON.stringify({
    id: 'evt_test',
    type: type.name,
    sequence: null,
    created_at: new Date(nowMs).toISOString(),
    ledger: type.isOfLedger ? 'led_1' : null,
    position: type.isOfLedger ? 'led_1@42' : null,
    livemode: isLive,
    data: { object: type.example },
  });
  return { ...to, id: `msg_test${randomBytes(13).toString('hex')}`, type: name, body, nowMs };
}
