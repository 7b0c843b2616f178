-- What follows a review is handed to Temporal after its commit, by a sweep if need be.
alter table correction_reviews
  -- That of the correction which it made.
  add column revision integer,
  add column handed_on_at timestamptz;
update correction_reviews set handed_on_at = at;
create index correction_reviews_waiting on correction_reviews (at) where handed_on_at is null;

-- What a version has learned from does not change.
create trigger datasets_are_immutable before update or delete on datasets
  for each row execute function refuse_change();
create trigger dataset_corrections_are_immutable before update or delete on dataset_corrections
  for each row execute function refuse_change();
