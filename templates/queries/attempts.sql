select attempt, outcome, status_code, error from supacron.attempt where run_id = %(run)s order by attempt;
