const credentials = /^postgres(?:ql)?:\/\/([^:@/?]+)(?::([^@/?]*))?@/;

/** Who a connection string connects as; undefined where it names nobody. `new URL` can't read the one of a Unix socket. */
export function credentialsOf(
  connectionString: string,
): { readonly role: string; readonly password: string | undefined } | undefined {
  const [, role, password] = credentials.exec(connectionString) ?? [];
  if (role === undefined) return undefined;
  return {
    role: decodeURIComponent(role),
    password: password === undefined ? undefined : decodeURIComponent(password),
  };
}
