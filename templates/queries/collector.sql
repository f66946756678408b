select now(), (select r.collected_at from supacron.runtime r);
