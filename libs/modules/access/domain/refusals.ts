import { refusal } from '@fintech-ledger/contract';
import { keySecretsMax } from './limits';

export const organizationExists = refusal(
  'organization_exists',
  'conflict',
  'The organization exists already.',
);
export const organizationNotFound = refusal(
  'organization_not_found',
  'not_found',
  'There is no such organization.',
);
export const liveKeyRequired = refusal(
  'live_key_required',
  'forbidden',
  'The API key is of a sandbox, and this is for keys of live organizations.',
);
export const sandboxKeyRequired = refusal(
  'sandbox_key_required',
  'forbidden',
  'The API key is of a live organization, and this is for keys of sandboxes.',
);
export const sandboxLimit = refusal(
  'sandbox_limit',
  'rule',
  'The organization has as many sandboxes as it may have (`SANDBOXES_MAX`).',
);
export const sandboxNotFound = refusal(
  'sandbox_not_found',
  'not_found',
  'The organization has no such sandbox.',
);
export const apiKeyExists = refusal(
  'api_key_exists',
  'conflict',
  'The id of the API key is taken. Try again.',
);
export const apiKeyNotFound = refusal(
  'api_key_not_found',
  'not_found',
  'The organization has no such API key.',
);
export const apiKeyRevoked = refusal('api_key_revoked', 'conflict', 'The API key was revoked already.');
export const apiKeyExpired = refusal('api_key_expired', 'conflict', 'The API key has expired.');
export const expiresInPast = refusal(
  'expires_in_past',
  'rule',
  'An API key can’t expire at a time that is over.',
);
export const tooManyApiKeySecrets = refusal(
  'too_many_api_key_secrets',
  'rule',
  `At most ${keySecretsMax} secrets of an API key open at once; an overlap of 0 s ends the older ones.`,
);
export const clockMovedBack = refusal(
  'clock_moved_back',
  'conflict',
  'The clock of a sandbox never goes back, and it is later than that already.',
);
export const clockTooFar = refusal(
  'clock_too_far',
  'rule',
  'The clock of a sandbox is moved by at most 2 calendar years at a time, and through at most 100,000 due items.',
);
export const clockAdvancing = refusal(
  'clock_advancing',
  'conflict',
  'The clock of the sandbox is being moved. Try again when that has ended.',
);
/** Every refusal that is declared here. */
export const accessRefusals = [
  organizationExists,
  organizationNotFound,
  liveKeyRequired,
  sandboxKeyRequired,
  sandboxLimit,
  sandboxNotFound,
  apiKeyExists,
  apiKeyNotFound,
  apiKeyRevoked,
  apiKeyExpired,
  expiresInPast,
  tooManyApiKeySecrets,
  clockMovedBack,
  clockTooFar,
  clockAdvancing,
];
