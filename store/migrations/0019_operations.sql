-- What people asked for under a key of theirs, and what came of it: the same key again gets the same result, and does nothing more.
create table operations (
  -- Made of the person and their key, so that nobody meets the key of another.
  id uuid primary key,
  operation text not null,
  bot text not null,
  actor text not null,
  -- SHA-256 of what was asked: the same key with something else is refused.
  request_digest text not null,
  -- Absent while it is being done.
  result jsonb,
  at timestamptz not null default now()
);
create index operations_old on operations (at);

-- An event that could not be handed on waits longer every time; one that is at fault itself is put aside.
alter table inbound_events
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz,
  -- The code of the error that the last attempts met, and how many in a row of them.
  add column failing_with text,
  add column failed_alike integer not null default 0,
  add column parked_at timestamptz;
drop index inbound_events_waiting;
create index inbound_events_waiting on inbound_events (id) where started_at is null and request is not null and parked_at is null;
