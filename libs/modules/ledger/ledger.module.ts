import { directoryEvents, ledgerEvents } from '@fintech-ledger/ledger/domain';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { accountsProjection } from './accounts/read-model/accounts-projection';
import { sumsProjection } from './balances/read-model/sums-projection';
import { journalsHold } from './history/journal-event-types';
import { eventIndexProjection } from './history/event-index/event-index-projection';
import { entriesProjection } from './history/read-model/entries-projection';
import { ledgerDomain } from './journal/ledger-domain';
import { directoryPart } from './ledgers/directory-part';
import { directoryPublicEvents, ledgerPublicEvents } from './public-events';
import { entriesOf } from './read-model/entries-of';
import { problemOfEntries } from './read-model/problem-of-entries';
import { ledgerRefusals } from './refusals';
import { transactionsProjection } from './transactions/read-model/transactions-projection';

const queried = [accountsProjection, transactionsProjection, entriesProjection];

/** The ledger: its journals, what is booked in them, and what is asked of them. */
export const ledgerModule: ModuleManifest = {
  name: 'ledger',
  imports: ['access'],
  streams: [
    {
      events: ledgerEvents,
      domain: ledgerDomain,
      problemOf: problemOfEntries,
      partOf: entriesOf,
      joined: journalsHold,
      publicEvents: ledgerPublicEvents,
    },
    { events: directoryEvents, part: directoryPart, publicEvents: directoryPublicEvents },
  ],
  refusals: ledgerRefusals,
  scopes: ['ledger:read', 'ledger:write', 'ledger:admin'],
  projections: [...queried, eventIndexProjection, sumsProjection],
  policies: [],
  migrations: [
    '0003-read-models.sql',
    '0012-event-index.sql',
    '0016-reversals.sql',
    '0017-sums.sql',
    '0018-joined-journals.sql',
    '0036-period-closes.sql',
  ],
  api: [async () => (await import('@fintech-ledger/ledger/nest')).ledgerApi],
};

/** What a query about a ledger may read: all of it must have reached the position that is waited for. */
export const ledgerProjections: readonly string[] = queried.map(({ name }) => name);
