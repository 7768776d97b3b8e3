import { refusal } from '@fintech-ledger/contract';

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
/** Every refusal that is declared here. */
export const accessRefusals = [
  organizationExists,
  organizationNotFound,
  liveKeyRequired,
  sandboxLimit,
  sandboxNotFound,
  apiKeyExists,
  apiKeyNotFound,
  apiKeyRevoked,
];
