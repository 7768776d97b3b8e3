/** The topic is not what it has to be; says which setting and what to do. Trying again does not help. */
export class TopicInvalid extends Error {
  override readonly name = 'TopicInvalid';
}

/** The topic is not the one that was sent to: it ends before what was acknowledged, or is gone. Everything has to be sent again. */
export class TopicMadeAnew extends Error {
  override readonly name = 'TopicMadeAnew';
}

/** A record that is not one of ours, or no longer whole. Nothing may be skipped: a person has to look. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
}
