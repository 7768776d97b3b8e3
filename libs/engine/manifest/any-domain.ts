import type { DomainEvent, DomainRecord, JournalDomain } from '@fintech-ledger/journal';

/** A domain, whatever its commands, events and records are. */
export type AnyDomain = JournalDomain<unknown, DomainEvent, DomainRecord>;
