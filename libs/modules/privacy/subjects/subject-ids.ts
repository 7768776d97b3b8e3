import { randomId, timeInId } from '@fintech-ledger/envelope';
import { deriveKey } from '@fintech-ledger/journal';
import { DatabaseError } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { createHmac } from 'node:crypto';

const prefix = 'sub';
const digitsOfName = 32;
/** How many digits, at the end of an id, tell of which request it is: 88 bits. Migration 0104 has the number, too. */
const digitsOfRequest = 22;
/** The index of those. */
const ofOneRequest = 'subject_keys_of_request';

/** Ids of data subjects, of which those of customers and connected accounts are made. */
export class SubjectIds {
  private readonly key: Buffer;

  constructor(
    private readonly sql: Sql,
    pepper: string,
  ) {
    this.key = deriveKey(pepper, 'subject-id/1', 32);
  }

  /** That of a name which we give. */
  named(organizationId: string, name: string): string {
    return `${prefix}_${this.digest(organizationId, name, digitsOfName)}`;
  }

  /**
   * The time, then what follows from the idempotency key. The time of the first one with that key is in the table of
   * keys. Earlier versions made ids of requests as those of names.
   */
  async ofRequest(organizationId: string, idempotencyKey: string | undefined): Promise<string> {
    const now = Date.now();
    if (idempotencyKey === undefined) return randomId(prefix, now);
    const end = this.digest(organizationId, idempotencyKey, digitsOfRequest).toUpperCase();
    const { rows } = await this.sql.query<{ id: string }>(
      `select id from privacy.subject_keys
        where organization_id = $1 and (id = $2 or right(id, ${digitsOfRequest}) = $3)`,
      [organizationId, this.named(organizationId, idempotencyKey), end],
      'select-subject-of-request',
    );
    return rows[0]?.id ?? `${prefix}_${timeInId(now)}${end}`;
  }

  private digest(organizationId: string, name: string, digits: number): string {
    const mac = createHmac('sha256', this.key).update(`${organizationId}\n${name}`);
    return mac.digest('hex').slice(0, digits);
  }
}

/** The id under which another request, with the same idempotency key, has made a key meanwhile. */
export async function idOfSameRequest(sql: Sql, id: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from privacy.subject_keys where right(id, ${digitsOfRequest}) = right($1, ${digitsOfRequest})`,
    [id],
    'select-same-request',
  );
  return rows[0]?.id;
}

/** Whether a key was not made because there is one of the same request by now. */
export const isOfSameRequest = (error: unknown): boolean =>
  error instanceof DatabaseError && error.constraint === ofOneRequest;
