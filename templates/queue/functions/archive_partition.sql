create or replace function supacron_queue.archive_partition(day date) returns text
language plpgsql immutable
set search_path = ''
as $function$
begin
    return 'archive_' || to_char(day, 'YYYYMMDD');
end;
$function$;
comment on function supacron_queue.archive_partition(date) is 'The name of the partition for a day (UTC).';
