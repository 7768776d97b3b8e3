import { refusal } from './declared-refusal';

/** Of every module: what a key asks for takes more than it may do. */
export const scopeBeyondOwn = refusal(
  'scope_beyond_own',
  'forbidden',
  'The API key gives, takes away or loosens more than it may do itself; `missing_scope` names what it lacks.',
);
