import { StoreUnavailable } from '@fintech-ledger/event-store';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import * as statements from './lease-statements';

/** Who writes what, for a process that writes nothing itself. */
export class LeaseDirectory {
  constructor(private readonly database: Database) {}

  /** Where the living owner of a stream is reached; undefined when it has none. @throws StoreUnavailable */
  async ownerOf(stream: string): Promise<string | undefined> {
    const [owner] = await this.addresses(statements.livingOwner, [stream], 'living-owner');
    return owner;
  }

  /** Where all living owners are reached, in a fixed order. @throws StoreUnavailable */
  owners(): Promise<readonly string[]> {
    return this.addresses(statements.livingOwners, [], 'living-owners');
  }

  private async addresses(
    statement: string,
    values: readonly string[],
    name: string,
  ): Promise<readonly string[]> {
    try {
      const { rows } = await this.database.query<{ address: string }>(statement, values, name);
      return rows.map(({ address }) => address);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      throw new StoreUnavailable(error.message, { cause: error });
    }
  }
}
