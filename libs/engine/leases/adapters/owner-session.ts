import type { Database, SqlSession } from '@fintech-ledger/postgres';

/**
 * The connection that an owner's leases end with. It is opened when it is first needed, and again after it was lost.
 */
export class OwnerSession {
  private opening: Promise<SqlSession> | undefined;
  private isClosed = false;

  /** @param onLost told when the server or the network has ended it */
  constructor(
    private readonly database: Database,
    private readonly onLost: () => void,
  ) {}

  get isOpen(): boolean {
    return this.opening !== undefined;
  }

  /** @throws DatabaseUnavailable */
  get(): Promise<SqlSession> {
    this.opening ??= this.open();
    return this.opening;
  }

  /** Gives it up: something went wrong on it. */
  async drop(): Promise<void> {
    const { opening } = this;
    this.opening = undefined;
    await (await opening?.catch(() => undefined))?.release();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.drop();
  }

  private async open(): Promise<SqlSession> {
    try {
      const session = await this.database.session();
      session.onLost(() => {
        this.opening = undefined;
        if (!this.isClosed) this.onLost();
      });
      return session;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }
}
