import * as access from '@fintech-ledger/access/domain';
import * as application from '@fintech-ledger/projection-runtime';
import { importShape } from '@fintech-ledger/books/formats';
import { readinessShape } from '@fintech-ledger/health';
import { clockConfirmationShape } from './clock-shape';

/** What the API answers, by the names that the document has for it. */
export const answerShapes = {
  Ledger: access.ledgerShape,
  LedgerAnswer: access.ledgerAnswer,
  LedgerPage: access.ledgerPage,
  Unit: access.unitShape,
  UnitAnswer: access.unitAnswer,
  UnitPage: access.unitPage,
  ApiKey: access.apiKeyShape,
  ApiKeyAnswer: access.apiKeyAnswer,
  ApiKeyRevokedAnswer: access.apiKeyRevokedAnswer,
  ApiKeyPage: access.apiKeyPage,
  Account: application.accountShape,
  AccountAnswer: application.accountAnswer,
  AccountPage: application.accountPage,
  Balance: application.balanceShape,
  SubtreeBalance: application.subtreeBalanceShape,
  SubtreeBalancePage: application.subtreeBalancePage,
  TrialBalance: application.trialBalanceShape,
  Transaction: application.transactionShape,
  TransactionAnswer: application.transactionAnswer,
  TransactionPage: application.transactionPage,
  BulkAnswer: application.bulkAnswer,
  BulkRefusal: application.bulkRefusal,
  Entry: application.accountEntryShape,
  EntryPage: application.accountEntryPage,
  Event: application.eventShape,
  EventPage: application.eventPage,
  ImportAnswer: importShape,
  Projection: application.projectionShape,
  ProjectionList: application.projectionList,
  ClockConfirmation: clockConfirmationShape,
  Health: readinessShape,
} as const;
export type AnswerName = keyof typeof answerShapes;
