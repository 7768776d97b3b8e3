import type { ModuleManifest } from '@fintech-ledger/manifest';
import { postageEvents } from './postage-events';
import { parcelExists, postagePart } from './postage-part';

/** The manifest of the module: a part of journals, and operations to try it with. */
export const postageModule: ModuleManifest = {
  name: 'postage',
  imports: ['ledger'],
  streams: [{ events: postageEvents, part: postagePart }],
  refusals: [parcelExists],
  scopes: [],
  projections: [],
  policies: [],
  migrations: [],
  api: [],
};
