select exists (select from supacron.release where apply_id = %(apply_id)s::uuid);
