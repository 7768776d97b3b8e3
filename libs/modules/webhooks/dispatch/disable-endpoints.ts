import { keyedByUs, ownCommand, ownKeyMark } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { Sql } from '@fintech-ledger/postgres';
import type { DisableWebhookEndpoint, Disabling } from '@fintech-ledger/webhooks/domain';

interface Row {
  readonly id: string;
  readonly disable_because: Disabling;
  readonly disable_since_ms: string;
  readonly organization_id: string;
  readonly revision: string;
  readonly is_over: boolean;
}

/**
 * Has endpoints disabled that answered 410, or failed for too long: nothing is sent to them from when that was noted,
 * and their organizations are told by the event. Asked again until the read model has it.
 */
export async function disableEndpoints(sql: Sql, gateway: Pick<CommandGateway, 'submit'>): Promise<void> {
  const { rows } = await sql.query<Row>(
    `select h.id, h.disable_because, h.disable_since_ms, e.organization_id, e.revision,
            e.deleted_ms is not null or e.endpoint ->> 'disabledBecause' is not null as is_over
       from hooks.endpoints h join read.webhook_endpoints e on e.id = h.id
      where h.disable_because is not null`,
  );
  for (const row of rows) {
    const isOver = row.is_over || isLaterThan(row, await ask(gateway, row));
    if (isOver) await clear(sql, row.id);
  }
}

/** Whether the read model has it already, and that it was enabled since. */
function isLaterThan(row: Row, outcome: CommandOutcome): boolean {
  if (outcome.kind === 'accepted') return Number(row.revision) >= outcome.revision;
  return outcome.refusal.code === 'webhook_endpoint_not_found';
}

function ask(gateway: Pick<CommandGateway, 'submit'>, row: Row): Promise<CommandOutcome> {
  const command: DisableWebhookEndpoint = {
    type: 'DisableWebhookEndpoint',
    endpointId: row.id,
    because: row.disable_because,
  };
  return gateway.submit({
    ...ownCommand(row.organization_id, command, 'webhook-dispatcher'),
    ...keyedByUs(`${ownKeyMark}disable-webhook-endpoint/${row.id}/${row.disable_since_ms}`),
  });
}

async function clear(sql: Sql, id: string): Promise<void> {
  await sql.query(
    `update hooks.endpoints
        set disable_because = null, disable_since_ms = null, failures = 0, failing_since_ms = null, probe_at_ms = null
      where id = $1`,
    [id],
  );
}
