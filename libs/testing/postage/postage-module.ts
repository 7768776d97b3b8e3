import type { ModuleManifest } from '@fintech-ledger/manifest';
import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { postageEvents } from './postage-events';
import { parcelExists, postagePart } from './postage-part';

const untold = unpublished('It has no clients.');

/** The manifest of the module: a part of journals, and operations to try it with. */
export const postageModule: ModuleManifest = {
  name: 'postage',
  imports: ['ledger'],
  streams: [
    {
      events: postageEvents,
      part: postagePart,
      publicEvents: publicEvents(postageEvents, {
        PostagePaidIn: untold,
        ParcelCharged: untold,
        ParcelDelivered: untold,
        ParcelLabelled: untold,
      }),
    },
  ],
  refusals: [parcelExists],
  scopes: [],
  projections: [],
  policies: [],
  migrations: [],
  api: [],
};
