/** One's turn to send something. */
export interface Turn {
  /** Sends it once all before it have been sent. */
  send<T>(send: () => Promise<T>): Promise<T>;
  /** Nothing is sent, or nothing more: the next one need not wait. Again: nothing. */
  end(): void;
}

/**
 * Work that is prepared side by side, and sent in the order in which its turns were taken. The receiver may have to be
 * found first, and what is sent together before it has answered may arrive in any order: so the first is sent alone,
 * and so is what follows a failure.
 */
export class SendTurns {
  private last: Promise<void> | undefined;
  private wasAnswered = false;

  take(): Turn {
    const before = this.last;
    let resolve = (): void => undefined;
    const mine = new Promise<void>((ended) => (resolve = ended));
    this.last = mine;
    const passOn = (): void => {
      if (this.last === mine) this.last = undefined;
      resolve();
    };
    // What ends before its turn has come must not let the next one pass those before it.
    const end = before === undefined ? passOn : () => void before.then(passOn);
    return { end, send: (send) => this.send(send, before, end) };
  }

  private async send<T>(
    send: () => Promise<T>,
    before: Promise<void> | undefined,
    end: () => void,
  ): Promise<T> {
    if (before !== undefined) await before;
    try {
      const answering = send();
      if (this.wasAnswered) end();
      const answer = await answering;
      this.wasAnswered = true;
      return answer;
    } catch (error) {
      this.wasAnswered = false;
      throw error;
    } finally {
      end();
    }
  }
}
