import { refusal } from '@fintech-ledger/contract';

export const invalidTime = refusal('invalid_time', 'malformed', 'A time is of RFC 3339, with its offset.');
