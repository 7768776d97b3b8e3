import { flag, nullable, text, time } from '@fintech-ledger/shapes';

/* What several views of payments have, or say in the same way. */

export const currency = text('ISO 4217.', 'USD');
export const livemode = flag('Whether it is of a live environment, and not of a sandbox.', false);
export const maybe = (description: string, example: string) => nullable(text(description, example));
export const maybeTime = (description: string) => nullable(time(description));
