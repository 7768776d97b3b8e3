import type { Sql } from '@fintech-ledger/postgres';

/** The organization that an installation began with, so that processes that start at once make one. */
export function firstOrganization(db: Sql) {
  const known = async (): Promise<string | undefined> => {
    const { rows } = await db.query<{ id: string | null }>(
      'select first_organization_id as id from meta.installation',
    );
    return rows[0]?.id ?? undefined;
  };
  return {
    known,
    /** Takes this one, unless another one was taken. Returns the one that counts. */
    async take(id: string): Promise<string> {
      await db.query(
        'update meta.installation set first_organization_id = $1 where first_organization_id is null',
        [id],
      );
      return (await known()) ?? id;
    },
  };
}
