import { hash } from 'node:crypto';
import type { PublicEventView } from '@fintech-ledger/events';

/** The id of the message that tells an endpoint of an event: the same for ever. */
export function messageId(eventId: string, endpointId: string): string {
  return `msg_${hash('sha256', `${eventId}/${endpointId}`, 'hex').slice(0, 40)}`;
}

/** Exactly what is sent, at each attempt. @param livemode whether the organization is a live one */
export function messageBody(event: PublicEventView, sequence: number, livemode: boolean): string {
  const { id, type, created_at, ledger, position, data } = event;
  return JSON.stringify({ id, type, sequence, created_at, ledger, position, livemode, data });
}
