/** The files of `schemas/sql` that belong to no module: what the engine and the platform keep. Modules name theirs. */
export const platformMigrations: readonly string[] = [
  '0001-event-store.sql',
  '0002-writer.sql',
  '0004-installation.sql',
  '0005-leases.sql',
  '0006-relay.sql',
  '0007-checkpoint-pages.sql',
  '0008-chain-checkpoints.sql',
  '0009-installation-identity.sql',
  '0010-events-are-kept.sql',
  '0011-due-streams.sql',
  '0013-request-demands.sql',
  '0014-lease-sessions.sql',
  '0020-first-organization.sql',
];
