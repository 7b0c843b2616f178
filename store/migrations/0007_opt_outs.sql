-- Who wants no answers of a bot, by our own id of the person. A row stays when they want them again, so that an older wish
-- that is handled late changes nothing.
create table opt_outs (
  bot text not null,
  person_id uuid not null references people (id),
  opted_out boolean not null,
  -- The message that made the latest change; it alone is confirmed.
  message_id uuid not null,
  -- When the door took the latest wish.
  wished_at timestamptz not null,
  primary key (bot, person_id)
);
