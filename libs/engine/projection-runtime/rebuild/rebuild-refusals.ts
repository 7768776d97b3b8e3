import { refusal } from '@fintech-ledger/contract';

export const projectionNotFound = refusal(
  'projection_not_found',
  'not_found',
  'There is no such projection.',
);
export const projectionNotRebuildable = refusal(
  'projection_not_rebuildable',
  'conflict',
  'It is an outbox: what its rows ask for was done, and would be done again. Or one ledger was asked for, and its ' +
    'tables are of another version than the one that is made now: then all of it has to be rebuilt.',
);
export const projectionHasNoLedgers = refusal(
  'projection_has_no_ledgers',
  'rule',
  'A rebuild of one ledger was asked for, and the projection has no rows of ledgers.',
);
export const rebuildRunning = refusal(
  'rebuild_running',
  'conflict',
  'A rebuild of this projection runs already: cancel it, or wait for its end.',
);
export const rebuildNotFound = refusal('rebuild_not_found', 'not_found', 'There is no such rebuild.');
export const rebuildNotReady = refusal(
  'rebuild_not_ready',
  'conflict',
  'Only a rebuild that was verified can be swapped.',
);
export const rebuildNotRunning = refusal(
  'rebuild_not_running',
  'conflict',
  'The rebuild has ended or was swapped: there is nothing to cancel.',
);
export const rebuildNotReversible = refusal(
  'rebuild_not_reversible',
  'conflict',
  'There are no old tables to go back to, or they are of a version that is not made any more.',
);

export const rebuildRefusals = [
  projectionNotFound,
  projectionNotRebuildable,
  projectionHasNoLedgers,
  rebuildRunning,
  rebuildNotFound,
  rebuildNotReady,
  rebuildNotRunning,
  rebuildNotReversible,
];
