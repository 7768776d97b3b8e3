/** The start can't go on; the message is a clear sentence for the person who started it. */
export class StartupFailed extends Error {
  override readonly name = 'StartupFailed';
}
