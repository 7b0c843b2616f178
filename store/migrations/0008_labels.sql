-- Labels that people added while everything ran, beside those of a bot's own folder.
create table added_labels (
  bot text not null,
  id text not null,
  words text not null,
  added_by uuid not null references people (id),
  added_at timestamptz not null default now(),
  primary key (bot, id)
);
