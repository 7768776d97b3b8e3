import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { ledgerTransfersProjectionName } from './ledger-transfers-projection';
import type { TransferStanding } from './queries';

interface Row {
  readonly stream: string;
  readonly revision: string | null;
  readonly reason: string | null;
}

/** Streams that are said to be behind at once. */
export const behindMax = 100;

const halted = `
  select h.stream, null::bigint as revision, h.reason
    from read.halted_streams h
    join read.ledgers l on '${journalPrefix}' || l.id = h.stream and l.organization_id = $1
   where h.projection = '${ledgerTransfersProjectionName}' and h.attempts > 0`;

/** Compares with the read model of accounts: what that has, whoever has read it may expect here. */
const standingIn = (ledgers: string): string => `
  with streams as (select '${journalPrefix}' || l.id as stream from read.ledgers l
                    where l.organization_id = $1 ${ledgers})
  (select s.stream, k.revision, null as reason
     from streams s
     join read.checkpoints k on k.stream = s.stream and k.projection = 'accounts'
     left join read.checkpoints e on e.stream = s.stream and e.projection = '${ledgerTransfersProjectionName}'
    where coalesce(e.revision, -1) < k.revision
    limit ${behindMax})
  union all
  (select * from (${halted}) h where h.stream in (select stream from streams) limit 1)`;
const standingOfSome = standingIn("and l.id = any (string_to_array($2, ','))");
const standingOfEach = standingIn('');

/** Of some ledgers of an organization: it costs what those are, however many others there are. */
export async function transferStanding(
  sql: Sql,
  organizationId: string,
  ledgerIds: readonly string[],
): Promise<TransferStanding> {
  if (ledgerIds.length === 0) return { behind: [], halted: undefined };
  const values = [organizationId, ledgerIds.join(',')];
  const { rows } = await sql.query<Row>(standingOfSome, values, 'standing-of-ledger-transfers');
  return standingOf(rows);
}

/** Of all ledgers of an organization. */
export async function standingOfAll(sql: Sql, organizationId: string): Promise<TransferStanding> {
  const { rows } = await sql.query<Row>(standingOfEach, [organizationId], 'standing-of-all-transfers');
  return standingOf(rows);
}

/** It costs what is halted: most often nothing is. */
export async function haltedLedger(sql: Sql, organizationId: string): Promise<TransferStanding['halted']> {
  const { rows } = await sql.query<Row>(`${halted} limit 1`, [organizationId], 'halted-ledger-transfers');
  return standingOf(rows).halted;
}

function standingOf(rows: readonly Row[]): TransferStanding {
  const found = rows.find(({ reason }) => reason !== null);
  return {
    behind: rows.flatMap(({ stream, revision }) =>
      revision === null ? [] : [{ stream, revision: Number(revision) }],
    ),
    halted: found && { ledgerId: streamOwner(found.stream), reason: found.reason ?? '' },
  };
}
