import type { CommandGateway } from '@fintech-ledger/journal';
import { WrongStore } from './identified-event-store';
import type { IdentifiedEventStore } from './identified-event-store';

/** A door for commands that refuses them at once, rather than after a search for a writer, while the event store is not the right one. */
export function guardedGateway(
  gateway: CommandGateway,
  store: Pick<IdentifiedEventStore, 'wrong'>,
): CommandGateway {
  return {
    submit(envelope) {
      const { wrong } = store;
      return wrong === undefined ? gateway.submit(envelope) : Promise.reject(new WrongStore(wrong));
    },
  };
}
