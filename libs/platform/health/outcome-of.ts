/** Rejects, or says in a sentence what is wrong; undefined when nothing is. */
export type Check = () => Promise<string | undefined> | string | undefined;

/** A check that takes longer counts as failed, milliseconds. */
const checkTimeoutMs = 2_000;

/** What a check says, at most after `checkTimeoutMs`. Never rejects. */
export async function outcomeOf(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, `There was no answer within ${checkTimeoutMs} ms.`);
  });
  try {
    return await Promise.race([Promise.resolve(check()), timeout]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
