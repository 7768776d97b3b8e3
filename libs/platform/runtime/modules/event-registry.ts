import { EventRegistry } from '@fintech-ledger/contract';
import { installationEvents } from '@fintech-ledger/installation-events';
import type { Modules } from '@fintech-ledger/manifest';

/** The event types of all modules, and of the installation itself. */
export function eventRegistryOf({ manifests }: Modules): EventRegistry {
  const lists = manifests.flatMap(({ name: module, streams }) =>
    streams.map(({ events }) => ({ module, events })),
  );
  return new EventRegistry([...lists, { module: 'installation', events: installationEvents }]);
}
