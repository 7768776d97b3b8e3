-- A response to a webhook that is sealed is kept behind a zero, with which no other one begins: what a receiver says that
-- looks like a sealed value is told from one. Those that are kept already get it.
update hooks.attempts
   set response = '\x00'::bytea || response
 where substring(response from 1 for 26) = convert_to('sealed:1:webhook.response:', 'UTF8');
