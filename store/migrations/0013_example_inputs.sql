-- What held-out base examples look like, so that a comparison can show them: a picture's blob, or the text.
create table example_inputs (
  bot text not null,
  -- The example's id in the dataset.
  example text not null,
  -- SHA-256 of a PNG.
  picture_sha256 text,
  text text,
  primary key (bot, example),
  check (num_nonnulls(picture_sha256, text) = 1)
);
create index example_inputs_picture on example_inputs (picture_sha256) where picture_sha256 is not null;
