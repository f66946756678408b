create or replace function supacron_queue.drop_partitions(at_most integer default 10) returns integer
language plpgsql
set search_path = ''
as $function$
declare
    horizon constant timestamptz := now() - (select s.archive_keep from supacron_queue.settings s);
    oldest_kept constant text := supacron_queue.archive_partition((horizon at time zone 'UTC')::date);
    name text;
    dropped integer := 0;
begin
    for name in
        select c.relname
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'supacron_queue.archive'::regclass
            and c.relname ~ '^archive_[0-9]{8}$'
            and c.relname < oldest_kept collate "C"
        order by c.relname
        limit at_most
    loop
        execute format('drop table supacron_queue.%I', name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end;
$function$;
comment on function supacron_queue.drop_partitions(integer) is
'Drops partitions of the archive in which every job ended longer ago than archive_keep; returns how many.';
