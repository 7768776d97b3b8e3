/** The topic is not what it has to be; says which setting and what to do. Trying again does not help. */
export class TopicInvalid extends Error {
  override readonly name = 'TopicInvalid';
}

/** A record that is not one of ours, or no longer whole. Nothing may be skipped: a person has to look. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
}
