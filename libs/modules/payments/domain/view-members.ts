import { nullable, text, time } from '@fintech-ledger/shapes';

/* What several views of payments have, or say in the same way. */

export const currency = text('ISO 4217.', 'USD');
export const maybe = (description: string, example: string) => nullable(text(description, example));
export const maybeTime = (description: string) => nullable(time(description));
