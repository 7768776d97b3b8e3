/**
 * What a process has of something outside of it: once the process is dead nothing is asked and no answer arrives, but what was asked
 * before is carried out.
 */
export function severed<T extends object>(inner: T, isDead: () => boolean): T {
  return new Proxy(inner, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]): Promise<unknown> => {
        if (isDead()) return never();
        try {
          const result: unknown = await Reflect.apply(member, target, parameters);
          return isDead() ? await never() : result;
        } catch (error) {
          if (isDead()) return never();
          throw error;
        }
      };
    },
  });
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
