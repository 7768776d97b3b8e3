import {
  anyObject,
  constant,
  named,
  nullable,
  object,
  oneOf,
  page,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const actor = object(
  {
    type: oneOf('`system`: the installation itself.', ['api_key', 'system'], 'api_key'),
    id: nullable(text('The id of the API key.', 'key_1'), 'value'),
    name: nullable(text('The name of the API key.', 'backend'), 'value'),
  },
  'Who asked for it.',
);
const target = object(
  {
    type: text('What it is.', 'api_key'),
    id: text('Its id, or the address of an account.', 'key_2'),
  },
  'What it was done to.',
);

/** A line of the audit log. */
export const auditLineShape = named(
  'AuditLogLine',
  'What somebody did, or was refused.',
  object({
    id: text('The same for ever.', 'aud_01M8521EFW00000003DNVR7ED6'),
    object: constant('audit_log_line'),
    time: time('When it happened, in real time.', '2026-01-31T12:00:00.123Z'),
    actor,
    action: text(
      'What was done, such as `api_key.created`; of what was refused, or has no event of its own, the operation that ' +
        'was asked for.',
      'api_key.revoked',
    ),
    target: nullable(target, 'value'),
    result: oneOf('Whether it was done.', ['ok', 'refused'], 'ok'),
    code: nullable(text('Why it was refused; null: it was done.', 'missing_scope'), 'null'),
    count: whole(
      'How many alike it stands for, of one key and one code, or operation, in one second; else 1.',
      1,
    ),
    ip: nullable(
      text(
        'The address that the request came from; null: it came from none, or that is not kept any more.',
        '192.0.2.7',
      ),
      'value',
    ),
    user_agent: nullable(
      text('What the client called itself, kept as long as the address.', 'curl/8.5.0'),
      'value',
    ),
    request_id: nullable(text('The id of the request; null: no request brought it about.', 'req_1'), 'value'),
    correlation_id: nullable(
      text('What else has this was brought about by the same; null: it was refused.', 'req_1'),
      'value',
    ),
    changes: nullable(
      anyObject(
        'The members that differ, each as it was `before` and is `after`; null: nothing is known to have changed.',
        { revoked_at: { before: null, after: '2026-01-31T12:00:00.123Z' } } as Readonly<
          Record<string, { readonly before: unknown; readonly after: unknown }>
        >,
      ),
      'value',
    ),
  }),
);
export type AuditLineView = ViewOf<typeof auditLineShape>;
export type AuditChanges = Exclude<AuditLineView['changes'], null>;

export const auditLogPageShape = page(auditLineShape, 'AuditLogPage');
