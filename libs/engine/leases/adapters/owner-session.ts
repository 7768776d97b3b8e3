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
    if (this.opening !== undefined) return this.opening;
    const opening: Promise<SqlSession> = this.open(() => this.forget(opening));
    this.opening = opening;
    return opening;
  }

  /** Gives this one up: something went wrong on it. By then another one may be there, which goes on. */
  async drop(opening = this.opening): Promise<void> {
    if (opening === undefined) return;
    this.forget(opening);
    await (await opening.catch(() => undefined))?.release();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.drop();
  }

  private async open(forget: () => boolean): Promise<SqlSession> {
    try {
      const session = await this.database.session();
      session.onLost(() => {
        if (forget() && !this.isClosed) this.onLost();
      });
      return session;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** @returns whether it was the one in use */
  private forget(opening: Promise<SqlSession>): boolean {
    if (this.opening !== opening) return false;
    this.opening = undefined;
    return true;
  }
}
