drop schema supacron cascade;
