import { publicEvent, publicEvents, unpublished } from '@fintech-ledger/shapes';
import { accessEvents } from './events';
import type { ApiKeyFacts, RotatedApiKeyFacts } from './facts';
import { revokedApiKeyShape, rotatedApiKeyShape, toldApiKeyShape } from './views';
import { apiKeyView, revokedApiKeyView, rotatedApiKeyView } from './show-api-key';

const apiKeyCreated = publicEvent({
  name: 'api_key.created',
  description: 'An API key was created. The key itself is told to nobody but its maker.',
  object: toldApiKeyShape,
  idsOf: ({ apiKey }: { readonly apiKey: ApiKeyFacts }) => [apiKey.id],
  objectOf: ({ apiKey }) => apiKeyView(apiKey),
});

const apiKeyRotated = publicEvent({
  name: 'api_key.rotated',
  description: 'An API key was given another secret. The key itself is told to nobody but who asked for it.',
  object: rotatedApiKeyShape,
  idsOf: ({ apiKey }: { readonly apiKey: RotatedApiKeyFacts; readonly rotatedAt: string }) => [apiKey.id],
  objectOf: ({ apiKey }) => rotatedApiKeyView(apiKey),
});

const apiKeyRevoked = publicEvent({
  name: 'api_key.revoked',
  description: 'An API key was revoked.',
  object: revokedApiKeyShape,
  idsOf: ({ apiKeyId }: { readonly apiKeyId: string; readonly revokedAt: string }) => [apiKeyId],
  objectOf: revokedApiKeyView,
});

const ofClock = unpublished('It is answered to who asks for it, and GET /v1/clock shows it.');

/** What the stream of an organization tells clients of its API keys. */
export const accessPublicEvents = publicEvents(accessEvents, {
  OrganizationCreated: unpublished('Before it there is nobody to be told.'),
  SandboxCreated: unpublished('It is answered to who creates it, and GET /v1/sandboxes lists it.'),
  SandboxOpened: unpublished('Before it there is nobody to be told.'),
  ApiKeyCreated: [apiKeyCreated],
  ApiKeyRotated: [apiKeyRotated],
  ApiKeyRevoked: [apiKeyRevoked],
  ClockFrozen: ofClock,
  ClockReleased: ofClock,
  ClockAdvanceBegun: ofClock,
  ClockAdvanceContinued: ofClock,
  ClockAdvanceEnded: ofClock,
});
