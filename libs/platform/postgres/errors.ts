/** The database could not be reached, dropped the connection, or is out of a resource: trying again later may help. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  /** @param outcomeKnown true: the statement had no effect. false: it was sent, and may have taken effect. */
  constructor(
    message: string,
    readonly outcomeKnown: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The database refused the statement; it had no effect. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** @param sqlState five characters, appendix A of the PostgreSQL manual */
  constructor(
    message: string,
    readonly sqlState: string,
    readonly constraint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The database was migrated by a newer version of this software. */
export class DatabaseIsNewer extends Error {
  override readonly name = 'DatabaseIsNewer';
  constructor(readonly unknownMigrations: readonly string[]) {
    super(
      `the database is of a newer version: it has ${unknownMigrations.join(', ')}, which this version does not know`,
    );
  }
}

/** The migrations in the folder contradict those that the database has; nothing was changed. */
export class MigrationsDiffer extends Error {
  override readonly name = 'MigrationsDiffer';
}
