-- Ids of subjects begin with the time; the rest follows from the request that made one (libs/modules/privacy/subjects/subject-ids.ts).
create unique index subject_keys_of_request on privacy.subject_keys (right(id, 22));
