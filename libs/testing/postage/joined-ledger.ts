import { joinedDomain } from '@fintech-ledger/journal';
import type { AnyJoinable, AnyPart } from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';
import { postageEvents } from './postage-events';
import { postagePart } from './postage-part';

/** The journal of a ledger that another module has joined. */
export const joinedEvents = ledgerEvents.with(postageEvents);
export const joinedLedger = joinedDomain(joinedEvents, [postagePart as AnyPart], ledgerDomain as AnyJoinable);
