import {
  answered,
  constant,
  flag,
  list,
  livemodeOfKey,
  mark,
  metadata,
  named,
  nullable,
  object,
  optional,
  page,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const ledgerMembers = {
  id: text('The id of the ledger.', 'led_1'),
  object: constant('ledger'),
  name: text('Its name.', 'Marketplace'),
  description: nullable(text('What it is for.', 'The books of the marketplace'), 'value'),
  managed: optional(
    text(
      'The module that manages the accounts below its name; absent: all are the clients’ own.',
      'payments',
    ),
  ),
  metadata,
  created_at: time('When it was created.'),
} as const;
export const ledgerShape = named('Ledger', 'A ledger: books of their own.', object(ledgerMembers));
export const ledgerAnswer = named('LedgerAnswer', 'A new ledger.', object({ ...ledgerMembers, ...answered }));
export const ledgerPage = page(ledgerShape);

const unitMembers = {
  object: constant('unit'),
  code: text('The code by which accounts and entries name it.', 'POINTS'),
  exponent: whole('How many decimals it has: amounts are whole numbers of the smallest part.', 0),
  name: text('Its name.', 'Loyalty points'),
  created_at: time('When it was declared first.'),
} as const;
export const unitShape = named(
  'Unit',
  'A unit of the organization that is not an ISO 4217 currency.',
  object(unitMembers),
);
export const unitAnswer = named('UnitAnswer', 'A declared unit.', object({ ...unitMembers, ...answered }));
export const unitPage = page(unitShape);

const keyId = text('The id of the API key.', 'key_1');
const apiKeyMembers = {
  id: keyId,
  object: constant('api_key'),
  name: text('Its name.', 'web shop'),
  scopes: list(text('A scope, or `*` for all.', 'ledger:read'), 'What the key may do.', [
    'ledger:read',
    'ledger:write',
  ]),
  last4: text('The last four characters of the key, to tell keys apart.', 'x7Qd'),
  created_at: time('When it was created.'),
  revoked_at: nullable(time('When it was revoked; null: it was not.')),
} as const;
const expiresAt = time(
  'From when on it opens nothing, by the clock of each process.',
  '2027-01-01T00:00:00.000Z',
);
const allowedIps = list(
  text('An address, or a range of them in CIDR notation.', '203.0.113.0/24'),
  'Where it may be used from.',
);
/** What a key may be made with, and what may have become of it. */
const keyLimits = {
  expires_at: nullable(expiresAt, 'null', 'From when on it opens nothing; null: it has no end.'),
  allowed_ips: nullable(allowedIps, 'null', 'Where it may be used from; null: from anywhere.'),
  secret_version: whole('How often it was given a secret: 1 until the first rotation.', 1),
  previous_secret_until: nullable(
    time('Until then the secret before it opens too; null: that ended at once, or there was none.'),
  ),
} as const;
/** As events and commands have it: what is rendered for a recorded event never changes. */
export const toldApiKeyShape = named(
  'ToldApiKey',
  'An API key, without the key itself, as its event says it.',
  object({
    ...apiKeyMembers,
    expires_at: optional(expiresAt),
    allowed_ips: optional(allowedIps),
  }),
);
/** The same of a key that has another secret. */
export const rotatedApiKeyShape = named(
  'RotatedApiKey',
  'An API key that was given another secret, without the key itself.',
  object({ ...apiKeyMembers, ...keyLimits }),
);
export const apiKeyShape = named(
  'ApiKey',
  'An API key, without the key itself.',
  object({
    ...apiKeyMembers,
    ...keyLimits,
    last_used_at: nullable(
      time('When a request with it was last let in, up to a minute late; null: none ever was.'),
      'value',
    ),
    livemode: livemodeOfKey,
  }),
);
const shownKey = {
  key: optional(
    nullable(
      text(
        'The key itself, in the first answer only. It is not kept. Null in a replay, absent in a dry run.',
        'sk_live_PlhtqTWnHnAmN5yXIcvjvEe3gnG8YAv4x7Qd',
      ),
      'value',
    ),
  ),
  secret_shown: mark('Only in a replay: the first answer has shown the key.'),
} as const;
export const apiKeyAnswer = named(
  'ApiKeyAnswer',
  'A new API key.',
  object(
    {
      ...apiKeyMembers,
      expires_at: optional(expiresAt),
      allowed_ips: optional(allowedIps),
      ...answered,
      ...shownKey,
    },
    undefined,
    ['key'],
  ),
);
export const apiKeyRotatedAnswer = named(
  'ApiKeyRotatedAnswer',
  'An API key with another secret.',
  object({ ...apiKeyMembers, ...keyLimits, livemode: livemodeOfKey, ...answered, ...shownKey }, undefined, [
    'key',
  ]),
);
export const apiKeyPage = page(apiKeyShape);
const revokedKeyMembers = {
  id: keyId,
  object: constant('api_key'),
  revoked_at: time('When it was revoked.'),
} as const;
export const revokedApiKeyShape = named(
  'RevokedApiKey',
  'An API key that was revoked.',
  object(revokedKeyMembers),
);
export const apiKeyRevokedAnswer = named(
  'ApiKeyRevokedAnswer',
  'An API key that was just revoked.',
  object({ ...revokedKeyMembers, ...answered }),
);

const sandboxMembers = {
  id: text('The id of the sandbox.', 'sbx_1'),
  object: constant('sandbox'),
  name: text('Its name.', 'Staging'),
  livemode: flag('Whether its money is real: never.', false),
  created_at: time('When it was created.'),
} as const;
export const sandboxShape = named(
  'Sandbox',
  'An isolated environment below a live organization, with ledgers, keys and events of its own.',
  object(sandboxMembers),
);
export const sandboxAnswer = named(
  'SandboxAnswer',
  'A new sandbox.',
  object(
    {
      ...sandboxMembers,
      ...answered,
      api_key: optional(
        nullable(
          text(
            'Its first API key, in the first answer only. It is not kept. Null in a replay, absent in a dry run.',
            'sk_test_PlhtqTWnHnAmN5yXIcvjvEe3gnG8YAv4x7Qd',
          ),
          'value',
        ),
      ),
      secret_shown: mark('Only in a replay: the first answer has shown the key.'),
    },
    undefined,
    ['api_key'],
  ),
);
export const sandboxPage = page(sandboxShape);

const clockMembers = {
  object: constant('clock'),
  time: time('What time it is in the sandbox.', '2026-02-01T00:00:00.000Z'),
  frozen: flag('Whether it stands; else it goes on.', true),
} as const;
export const clockShape = named('Clock', 'The clock of a sandbox.', object(clockMembers));
export const clockAnswer = named(
  'ClockAnswer',
  'The clock of a sandbox, as it was set.',
  object({ ...clockMembers, ...answered }),
);
export type ClockView = ViewOf<typeof clockShape>;

export type LedgerView = ViewOf<typeof ledgerShape>;
export type UnitView = ViewOf<typeof unitShape>;
export type ApiKeyView = ViewOf<typeof toldApiKeyShape>;
/** As lists have it, before `livemode` is added. */
export type ListedApiKeyView = RotatedApiKeyView & { readonly last_used_at: string | null };
export type RotatedApiKeyView = ViewOf<typeof rotatedApiKeyShape>;
export type SandboxView = ViewOf<typeof sandboxShape>;
export type ApiKeyRevokedView = ViewOf<typeof revokedApiKeyShape>;
