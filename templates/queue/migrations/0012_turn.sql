create type supacron_queue.turn as (
    job_types text[],
    priorities smallint[],
    tenants text[],
    marks timestamptz[],
    mark_ids bigint[],
    places integer,
    places_each integer,
    due_to timestamptz
);
comment on type supacron_queue.turn is
'What a claim reads next: these bands in this order, jobs due until then, so many in all and from each.';
