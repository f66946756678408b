create or replace function supacron.redact(message text) returns text
language plpgsql stable
set search_path = ''
as $function$
declare
    masked text := message;
    known record;
begin
    if message is null then
        return null;
    end if;
    -- Vault may be missing, or unreadable after a restore: the shapes below still hold.
    if to_regclass('vault.decrypted_secrets') is not null then
        begin
            for known in
                execute 'select d.decrypted_secret as value from vault.decrypted_secrets d'
                    ' join supacron.secret s on d.name in (s.vault_name, s.vault_name || ''/next'', s.vault_name || ''/previous'')'
                    ' where length(d.decrypted_secret) > 0'
                    -- A value that is part of another must not hide the other from the search.
                    ' order by length(d.decrypted_secret) desc'
            loop
                masked := replace(masked, known.value, '********');
            end loop;
        exception when others then
            masked := '(not shown: Vault cannot be read, so nothing can be masked)';
        end;
    end if;
    masked := regexp_replace(masked, 'eyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*){0,2}', '********', 'g');
    masked := regexp_replace(masked, 'sb_(secret|publishable)_[A-Za-z0-9_-]+', '********', 'g');
    masked := regexp_replace(masked, '(bearer|apikey)(["'':= ]+)[^\s"'',;]+', '\1\2********', 'gi');
    masked := regexp_replace(masked, '(://[^\s:/@]*):[^\s/@]+@', '\1:********@', 'g');
    return left(masked, 500);
end;
$function$;
comment on function supacron.redact(text) is
'An error message with every known secret, and everything that looks like one, masked; at most 500 characters.';
