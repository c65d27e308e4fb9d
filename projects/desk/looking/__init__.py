"""Looking as a customer: for a quarter of an hour staff see the pages of one member, and nothing
can be changed. The session stays the staff person's own; only the pages get another reader."""
