import type { Database, Sql } from '@fintech-ledger/postgres';
import { decodeCursor, encodeCursor, pageOf } from '@fintech-ledger/projection-runtime';
import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { KeyObject } from 'node:crypto';
import { newSealedKey, openSealedKey } from './sealed-key';

/** The name under which the keys of heads are provided to handlers. */
export const auditKeysPort = Symbol('AuditKeys');

export interface AuditKeyFacts {
  readonly keyId: string;
  /** The raw 32 bytes, base64. */
  readonly publicKey: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Since when it signs no more; null: it is the one that signs. */
  readonly retiredAt: string | null;
}

const cursorKind = 'audit_keys';

export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** The installation's keys for heads: one signs, those before it are kept so that what they signed can be checked. */
export interface AuditKeys {
  /** The one that signs; the first is made when it is asked for. @throws SigningKeyUnreadable */
  signing(): Promise<SigningKey>;
  /** The newest first. @throws InvalidCursor */
  list(page: PageRequest): Promise<PageOf<AuditKeyFacts>>;
  find(keyId: string): Promise<AuditKeyFacts | undefined>;
  /** Has a new one sign from now on. */
  rotate(): Promise<AuditKeyFacts>;
}

interface Row {
  readonly key_id: string;
  readonly public_key: string;
  readonly sealed: string;
  readonly created_at: Date;
  readonly retired_at: Date | null;
}

/** All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresAuditKeys(db: Database, pepper: string): AuditKeys {
  let opened: SigningKey | undefined;
  const signing = async (): Promise<Row> => (await selectSigning(db)) ?? replaceKey(db, pepper, 'if none');
  return {
    async signing() {
      const { key_id: keyId, sealed } = await signing();
      if (opened?.keyId !== keyId) opened = { keyId, privateKey: openSealedKey(pepper, { keyId, sealed }) };
      return opened;
    },
    async list({ limit, cursor }) {
      const [after = null] = cursor === undefined ? [] : decodeCursor(cursorKind, ['string'], cursor);
      await signing();
      const { rows } = await db.query<Row>(
        `select * from audit.signing_keys
          where $1::text is null
             or (created_at, key_id) < (select created_at, key_id from audit.signing_keys where key_id = $1)
          order by created_at desc, key_id desc limit $2`,
        [after, limit + 1],
      );
      return pageOf(rows, limit, factsOf, ({ key_id }) => encodeCursor(cursorKind, [key_id]));
    },
    async find(keyId) {
      const { rows } = await db.query<Row>('select * from audit.signing_keys where key_id = $1', [keyId]);
      return rows[0] && factsOf(rows[0]);
    },
    rotate: async () => factsOf(await replaceKey(db, pepper, 'always')),
  };
}

async function selectSigning(sql: Sql): Promise<Row | undefined> {
  const { rows } = await sql.query<Row>(
    'select * from audit.signing_keys where retired_at is null',
    [],
    'select-signing-key',
  );
  return rows[0];
}

function replaceKey(db: Database, pepper: string, when: 'if none' | 'always'): Promise<Row> {
  return db.transaction(async (sql) => {
    // Two processes that find none make one key.
    await sql.query('lock table audit.signing_keys in share row exclusive mode');
    const before = await selectSigning(sql);
    if (before !== undefined && when === 'if none') return before;
    const { keyId, publicKey, sealed } = newSealedKey(pepper);
    await sql.query('update audit.signing_keys set retired_at = now() where retired_at is null');
    const { rows } = await sql.query<Row>(
      'insert into audit.signing_keys (key_id, public_key, sealed) values ($1, $2, $3) returning *',
      [keyId, publicKey, sealed],
    );
    return rows[0] as Row;
  });
}

function factsOf({ key_id, public_key, created_at, retired_at }: Row): AuditKeyFacts {
  return {
    keyId: key_id,
    publicKey: public_key,
    createdAt: created_at.toISOString(),
    retiredAt: retired_at?.toISOString() ?? null,
  };
}
