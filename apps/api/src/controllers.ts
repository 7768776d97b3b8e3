import { AccountCommandsController } from './accounts/account-commands.controller';
import { AccountQueriesController } from './accounts/account-queries.controller';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { EventsController } from './history/events.controller';
import { LedgersController } from './ledgers/ledgers.controller';
import { ClockController } from './operations/clock.controller';
import { OperationsController } from './operations/operations.controller';
import { BulkController } from './transactions/bulk/bulk.controller';
import { TransactionCommandsController } from './transactions/transaction-commands.controller';
import { TransactionQueriesController } from './transactions/transaction-queries.controller';
import { ExportController } from './transfer-of-books/export.controller';
import { ImportController } from './transfer-of-books/import.controller';
import { UnitsController } from './units/units.controller';

/** Every controller whose operations are part of the contract, in the order of the reference. */
export const contractControllers = [
  LedgersController,
  UnitsController,
  AccountCommandsController,
  AccountQueriesController,
  TransactionCommandsController,
  BulkController,
  TransactionQueriesController,
  EventsController,
  ImportController,
  ExportController,
  ApiKeysController,
  OperationsController,
  ClockController,
] as const;
