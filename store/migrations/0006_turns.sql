-- The platform's own file behind a picture of a message, by which the platform can show it to reviewers.
create table message_files (
  message_id uuid not null,
  position integer not null,
  file_id text not null,
  primary key (message_id, position),
  foreign key (message_id, position) references message_media (message_id, position) on delete cascade
);
-- How often a bot spoke in a conversation lately: direct messages are one conversation, whatever thread they are in.
create index messages_of_conversation on messages ((address ->> 'channelId'), received_at desc) where channel = 'slack';
