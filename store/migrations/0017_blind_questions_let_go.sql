-- A question that nobody is asked any more lets go of its message and its input, so that another one may be about them. Its row
-- stays for its post and for what people answered.
alter table blind_questions alter column message_id drop not null;

-- Portraits of people who want to be matched are their own: they are no recordings, and nobody is asked about them.
delete from recordings using messages where messages.id = recordings.message_id and messages.intent = 'none';
update blind_questions set closed_at = coalesce(closed_at, now()), message_id = null, input_sha256 = null
from messages
where messages.id = blind_questions.message_id
  and (messages.intent = 'none' or (blind_questions.closed_at is null and messages.deleted_at is not null));

-- A blind label counts for every version that has scored the same input.
create index scores_by_input on scores (input_sha256);

-- Words that were taken back stay in no post that asks.
update replies set text = regexp_replace(replies.text, E'^[^\n]*', 'This was taken back.')
from messages where messages.id = replies.message_id and messages.deleted_at is not null and replies.kind = 'question';
update blind_questions set post_closed_at = null
from replies join messages on messages.id = replies.message_id
where replies.key = 'blind:' || blind_questions.id and messages.deleted_at is not null;
