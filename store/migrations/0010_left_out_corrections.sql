-- Accepted corrections that no dataset takes, because their input is held out: for the life of the bot.
create table left_out_corrections (
  message_id uuid not null,
  position integer not null,
  -- Our own words.
  reason text not null,
  at timestamptz not null default now(),
  primary key (message_id, position),
  foreign key (message_id, position) references corrections (message_id, position)
);
