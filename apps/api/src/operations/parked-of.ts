import type { EventStore } from '@fintech-ledger/event-store';
import type { Installation } from '@fintech-ledger/installation';
import type { LiveDatabase, ParkedEvents } from '@fintech-ledger/projection-runtime';
import { haltedSource, parkedEvents } from '@fintech-ledger/projection-runtime';
import { noteDiscard } from '@fintech-ledger/runtime';
import { parkedMessages } from '@fintech-ledger/webhooks';
import { publicEvents } from '../../../modules';

/** Events that a reader of the product could not take. */
export function parkedOf(db: LiveDatabase, store: EventStore, installation: Installation): ParkedEvents {
  const messages = parkedMessages({ db, store, registry: publicEvents, nowMs: Date.now });
  return parkedEvents([haltedSource(db), messages], (parked, what) =>
    noteDiscard(store, installation, parked, what),
  );
}
