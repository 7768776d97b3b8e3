/**
 * One text of an event's canonical metadata, found without parsing all of it: this is asked of every event where events are traced. Neither value
 * has characters that JSON escapes. @returns undefined when it is not there
 */
export function metadataText(
  metadata: string,
  name: 'hash' | 'previousHash' | 'recordedAt' | 'traceparent',
): string | undefined {
  const key = `"${name}":"`;
  // Inside of a text the key's quotes would be escaped. The last member but one, or the first with that name: what is nested (refused
  // items) comes between them.
  const at = name === 'traceparent' ? metadata.lastIndexOf(key) : metadata.indexOf(key);
  if (at === -1) return undefined;
  const start = at + key.length;
  return metadata.slice(start, metadata.indexOf('"', start));
}
