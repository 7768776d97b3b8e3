import {
  AccountCommandsController,
  AccountQueriesController,
  EventsController,
  LedgersController,
  BulkController,
  TransactionCommandsController,
  TransactionQueriesController,
  UnitsController,
} from '@fintech-ledger/ledger/nest';
import { ApiKeysController } from '@fintech-ledger/access/nest';
import { ClockController } from './operations/clock.controller';
import { OperationsController } from './operations/operations.controller';
import { ExportController, ImportController } from '@fintech-ledger/books/nest';

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
