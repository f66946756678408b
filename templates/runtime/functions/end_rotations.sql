create or replace function supacron.end_rotations() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    rotation record;
    ended integer := 0;
begin
    for rotation in
        select r.vault_name, r.next_until <= now() as next_is_over, r.previous_until <= now() as previous_is_over
        from supacron.rotation r
        where r.next_until <= now() or r.previous_until <= now()
        for update
    loop
        delete from vault.secrets s
        where (rotation.next_is_over and s.name = rotation.vault_name || '/next')
            or (rotation.previous_is_over and s.name = rotation.vault_name || '/previous');
        update supacron.rotation r
        set next_until = case when not rotation.next_is_over then r.next_until end,
            previous_until = case when not rotation.previous_is_over then r.previous_until end
        where r.vault_name = rotation.vault_name;
        ended := ended + 1;
    end loop;
    delete from supacron.rotation r where r.next_until is null and r.previous_until is null;
    return ended;
end;
$function$;
comment on function supacron.end_rotations() is
'Deletes values whose grace is over, and those that a client left when it died; returns of how many secrets.';
