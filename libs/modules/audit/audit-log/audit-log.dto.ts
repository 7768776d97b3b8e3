import { cursorRule, Is, limitRule, oneOfRule, Optional, textRule, timeRule } from '@fintech-ledger/http';

const actorRule = textRule(
  'audit_actor',
  'invalid_parameter',
  "the id of an API key, such as 'key_1', or 'system'",
  /^(?:system|key_[A-Za-z0-9_-]{1,64})$/,
);
const actionRule = textRule(
  'audit_action',
  'invalid_parameter',
  "an action, such as 'api_key.created', or an operation, such as 'postTransaction'",
  /^[A-Za-z][A-Za-z0-9_.]{0,99}$/,
);
const targetRule = textRule(
  'audit_target',
  'invalid_parameter',
  "the id of an object, such as 'txn_1', or the address of an account",
  /^[A-Za-z0-9_:.-]{1,255}$/,
);
const addressRule = textRule(
  'ip_address',
  'invalid_parameter',
  "an IP address, such as '192.0.2.7'",
  /^[0-9A-Fa-f:.]{2,45}$/,
);
const formatRule = { ...oneOfRule('audit_log_format', ['ndjson', 'csv']), code: 'invalid_parameter' };
const safeRule = oneOfRule('safe', ['true', 'false']);

export class AuditLogFilterQuery {
  @Is(actorRule, 'Only what this API key asked for; `system`: the installation itself.')
  @Optional()
  declare readonly actor?: string;

  @Is(
    actionRule,
    'Only this action; of what was refused, or has no event of its own, the operation that was asked for.',
  )
  @Optional()
  declare readonly action?: string;

  @Is(targetRule, 'Only what was done to this.')
  @Optional()
  declare readonly target?: string;

  @Is(addressRule, 'Only what came from this address, as long as addresses are kept.')
  @Optional()
  declare readonly ip?: string;

  @Is(timeRule, 'Only what was recorded from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only what was recorded before this time.')
  @Optional()
  declare readonly to?: string;
}

export class AuditLogQuery extends AuditLogFilterQuery {
  @Is(limitRule, 'How many items a page has.')
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule, 'The place in the list, as `next_cursor` of the page before.')
  @Optional()
  declare readonly cursor?: string;
}

export class AuditLogExportQuery extends AuditLogFilterQuery {
  @Is(formatRule, '`ndjson` (the default): a line as it is listed in each line; `csv`: the same in columns.')
  @Optional()
  declare readonly format?: 'ndjson' | 'csv';

  @Is(
    safeRule,
    "Of `csv`: `true` for a spreadsheet. A text that it would take for a formula (`=`, `+`, `-`, `@`) begins with `'`.",
  )
  @Optional()
  declare readonly safe?: 'true' | 'false';
}

const ipv4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** An address as sockets write it; undefined: it is none. */
export function addressOf(text: string): string | undefined {
  if (ipv4.test(text)) return text;
  const url = `http://[${text}]`;
  return text.includes(':') && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}
