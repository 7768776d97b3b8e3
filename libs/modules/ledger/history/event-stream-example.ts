import { eventShape } from '../views/event';

const { example } = eventShape;

/** One message of a stream of events. */
export const eventStreamExample = `id: 0\nevent: ${example.type}\ndata: ${JSON.stringify(example)}\n\n`;
