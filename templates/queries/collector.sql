select
    now(), r.collected_at,
    -- As supacron.place() has it, which a runtime that is still to be migrated lacks.
    case
        when s.system_identifier::text <> r.system_identifier then 'copy'
        when c.timeline_id <> r.timeline then 'failover'
        else 'same'
    end
from pg_control_system() s
cross join pg_control_checkpoint() c
left join supacron.runtime r on true;
