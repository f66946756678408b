select to_regclass('supacron.open_alert') is not null;
