/** There is no Postgres for this machine in the package; the message says what to do instead. */
export class PlatformNotSupported extends Error {
  override readonly name = 'PlatformNotSupported';
  constructor(reason: string) {
    super(
      `the embedded Postgres does not run here: ${reason}. Set DATABASE_URL to a PostgreSQL 15 or later that you run yourself.`,
    );
  }
}

export type StartFailure = 'disk_full' | 'not_writable' | 'newer_version' | 'older_version' | 'other';

/** Postgres could not be started; the data is as it was. */
export class EmbeddedPostgresFailed extends Error {
  override readonly name = 'EmbeddedPostgresFailed';
  constructor(
    readonly reason: StartFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Tells from what Postgres or the file system said why it did not start. */
export function startFailure(what: string, said: string): EmbeddedPostgresFailed {
  const detail = `${what}: ${said.trim()}`;
  if (/no space left|ENOSPC|disk quota exceeded|EDQUOT/i.test(said))
    return new EmbeddedPostgresFailed('disk_full', detail);
  if (/read-only file system|EROFS|permission denied|EACCES/i.test(said)) {
    return new EmbeddedPostgresFailed('not_writable', detail);
  }
  return new EmbeddedPostgresFailed('other', detail);
}
