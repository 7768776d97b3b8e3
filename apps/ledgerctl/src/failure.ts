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

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly detail: string; readonly line?: number }[];
}

/** A problem in a few lines. 5xx and 401/403: it could not be tried. */
export function problemFailure(status: number, text: string): Failure {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not ours, then: a proxy's page. The status has to do.
  }
  const lines = (problem.errors ?? []).map(
    ({ line, detail }) => `\n  ${line === undefined ? '' : `line ${line}: `}${detail}`,
  );
  const isRefused = status < 500 && status !== 401 && status !== 403;
  return new Failure(
    `${problem.detail ?? `HTTP ${status}`} (${problem.code ?? status})${lines.join('')}`,
    isRefused ? 1 : 2,
    problem.code,
  );
}
