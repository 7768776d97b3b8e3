import { eventShape } from '@fintech-ledger/application';

/** One message of a stream of events. */
export const eventStreamExample = `id: 0\nevent: ${eventShape.example.type}\ndata: ${JSON.stringify(eventShape.example)}\n\n`;
