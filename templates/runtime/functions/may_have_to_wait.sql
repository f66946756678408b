create or replace function supacron.may_have_to_wait() returns boolean
language sql stable
set search_path = ''
as $function$
    select exists (
        select from supacron.job j
        where j.removed_at is null and (j.limits is not null or j.retry is not null or j.overlap = 'queue')
    );
$function$;
comment on function supacron.may_have_to_wait() is 'Whether any job''s runs may have to wait, for their turn or for another attempt.';
