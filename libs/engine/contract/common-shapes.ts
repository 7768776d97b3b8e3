import { mapOf, named, text } from './schema';

/** A time as every event has it. */
export const time = named(
  'time',
  text({
    description: 'RFC 3339, UTC, milliseconds',
    format: 'date-time',
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  }),
);
/** Whatever a client keeps with a thing. */
export const metadata = named('metadata', mapOf(text()));
