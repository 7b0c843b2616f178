-- Whose wish a retrain answers; null: nobody's, it came by itself or by the Schedule.
alter table retrains add column asked_by uuid references people (id);
