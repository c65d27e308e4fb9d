"""What support staff may do: commands, each with its effect told before, a reason, one service and
one audit entry. Above a limit a second person confirms."""
