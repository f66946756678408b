-- By SET LOCAL, since a pooler refuses start-up options and session state may be another client's.
set local statement_timeout = '120s';
set local lock_timeout = '20s';
set local idle_in_transaction_session_timeout = '120s';
set local standard_conforming_strings = on;
set local search_path = pg_catalog, public;
