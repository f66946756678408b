"""The shapes that data takes: what people write (`stack_file`), and what is to be applied (`desired`)."""
