import { accessEvents } from '@fintech-ledger/access/domain';
import { EventRegistry } from '@fintech-ledger/contract';
import { installationEvents } from '@fintech-ledger/installation-events';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';

/** The event types of all modules. A new module adds its list here. */
export const eventRegistry = new EventRegistry([ledgerEvents, accessEvents, installationEvents]);
