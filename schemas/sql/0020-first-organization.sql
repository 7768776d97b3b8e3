-- The organization that the first start made: processes that start at once agree on it here. Null until then, also where an earlier release made it.
alter table meta.installation add column first_organization_id text;
