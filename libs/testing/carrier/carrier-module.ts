import type { EffectRunner } from '@fintech-ledger/journal';
import type { EffectResources, ModuleManifest } from '@fintech-ledger/manifest';
import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { carrierEvents } from './carrier-events';
import { carrierPartWith } from './carrier-part';
import { RemoteCarrier } from './remote-carrier';

const untold = unpublished('It has no clients.');

export interface CarrierModuleOptions {
  /** Loads the carrier; a text: the address of one in another process. */
  readonly carrier: string | ((resources: EffectResources) => Promise<EffectRunner>);
  /** How long it is waited for at first. Absent: 30 s. */
  readonly patienceMs?: number;
}

/** The manifest of the module: a part of journals, and the carrier that does what its events intend. */
export function carrierModule({ carrier, patienceMs = 30_000 }: CarrierModuleOptions): ModuleManifest {
  return {
    name: 'carrier',
    imports: ['ledger'],
    streams: [
      {
        events: carrierEvents,
        part: carrierPartWith(patienceMs),
        publicEvents: publicEvents(carrierEvents, {
          CarrierAttempted: untold,
          CarrierRefused: untold,
          CarrierTook: untold,
        }),
      },
    ],
    refusals: [],
    scopes: [],
    projections: [],
    policies: [],
    effects: typeof carrier === 'string' ? () => Promise.resolve(new RemoteCarrier(carrier)) : carrier,
    migrations: [],
    api: [],
  };
}
