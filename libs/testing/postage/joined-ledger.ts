import { joinedDomain } from '@fintech-ledger/journal';
import type { AnyJoinable, AnyPart } from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';
import { carrierEvents } from '../carrier/carrier-events';
import { carrierPart } from '../carrier/carrier-part';
import { postageEvents } from './postage-events';
import { postagePart } from './postage-part';

/** The journal of a ledger that two other modules have joined. */
export const joinedEvents = ledgerEvents.with(postageEvents).with(carrierEvents);
export const joinedLedger = joinedDomain(
  joinedEvents,
  { postage: postagePart as AnyPart, carrier: carrierPart as AnyPart },
  ledgerDomain as AnyJoinable,
);
