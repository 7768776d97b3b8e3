/** Why a command ends with an exit code other than 0, in a sentence for a person. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** @param exitCode 1: it was tried and did not hold; 2: it could not be tried */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 2,
    /** The code of the server's problem, where it is one. */
    readonly code?: string,
  ) {
    super(message);
  }
}
