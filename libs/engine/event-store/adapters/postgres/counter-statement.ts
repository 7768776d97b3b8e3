/**
 * The update of the one row that counts positions, after the events are in `stored`: at the place where it was last,
 * or, when it is not there any more, wherever it is. `counter` has the new position and the row's new place.
 * @param by how many positions are taken
 * @param place the parameter with the place; null: it is not known
 * @param isDue whether to update it at all
 */
export const counterAt = (by: string, place: string, isDue: string): string => `
known as (
  update store.position set last = last + ${by} where ctid = ${place}::tid and ${isDue}
  returning last, ctid as place
),
searched as (
  update store.position set last = last + ${by} where ${isDue} and not exists (select from known)
  returning last, ctid as place
),
counter as (select * from known union all select * from searched)`;
