-- A question about a message that was taken back is asked of nobody, and its posts lose the words they quote: they still do where
-- this is true.
alter table questions add column quotes_deleted boolean not null default false;
update questions set closed_at = coalesce(closed_at, now()), quotes_deleted = true
from messages where messages.id = questions.message_id and messages.deleted_at is not null;
create index questions_quoting_deleted on questions (bot) where quotes_deleted;
