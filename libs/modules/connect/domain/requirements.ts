/* What an account still has to give, and what it may do: payments read that, too. */
export {
  capabilityStatuses,
  capabilityStatus,
  currentlyDue,
  disabledReason,
  disabledReasons,
} from '@fintech-ledger/payments/domain';
export type { CapabilityStatus, DisabledReason } from '@fintech-ledger/payments/domain';
