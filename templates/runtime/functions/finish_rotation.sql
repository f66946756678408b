create or replace function supacron.finish_rotation(rotated text, rotation_id uuid, grace interval)
returns timestamptz
language plpgsql
set search_path = ''
as $function$
declare
    held record;
    next_value text;
    previous_id uuid;
    ends_at timestamptz;
begin
    perform from supacron.rotation r
    where r.vault_name = rotated and r.id = rotation_id and r.next_until is not null
    for update;
    if not found then
        raise exception 'supacron: another rotation of "%" took over, or this one took too long', rotated
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    select d.id, d.decrypted_secret as value into strict held from vault.decrypted_secrets d where d.name = rotated;
    select d.decrypted_secret into strict next_value
    from vault.decrypted_secrets d where d.name = rotated || '/next';
    select s.id into previous_id from vault.secrets s where s.name = rotated || '/previous';
    if previous_id is null then
        perform vault.create_secret(held.value, rotated || '/previous', 'The value before the last rotation.');
    else
        perform vault.update_secret(previous_id, held.value);
    end if;
    perform vault.update_secret(held.id, next_value);
    delete from vault.secrets s where s.name = rotated || '/next';
    update supacron.rotation r
    set next_until = null, previous_until = now() + grace
    where r.vault_name = rotated
    returning r.previous_until into ends_at;
    return ends_at;
end;
$function$;
comment on function supacron.finish_rotation(text, uuid, interval) is
'Makes the value that was tried the current one, and keeps the one of before; returns until when.';
