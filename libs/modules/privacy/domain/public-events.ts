import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { dataSubjectEvents } from './events';

const ownDoing = unpublished(
  'The contract lists no type for it; who creates or erases somebody has done it.',
);

/** What the stream of an organization tells clients of its data subjects. */
export const dataSubjectPublicEvents = publicEvents(dataSubjectEvents, {
  DataSubjectCreated: ownDoing,
  DataSubjectErased: ownDoing,
});
