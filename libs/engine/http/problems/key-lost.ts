import { unavailable } from './api-problem';
import type { ApiProblem } from './api-problem';

/** It takes a person to restore a key. */
const restoredAfterSeconds = 60;

/** What a command is answered with that needs the key of a data subject which is lost. Nothing of it is kept. */
export const keyLost = (subject: string): ApiProblem =>
  unavailable(
    `The key of the personal values of ${subject} is missing or damaged: the table of keys has to be restored.`,
    restoredAfterSeconds,
  );
